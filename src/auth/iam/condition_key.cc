#include "auth/iam/condition_key.h"

#include <utility>

#include "auth/iam/text.h"

namespace armature::auth::iam {
namespace {

struct NamedKey {
  std::string_view name;
  KnownKey key;
};

constexpr NamedKey kKeys[] = {
    {"aws:currenttime", KnownKey::kCurrentTime},
    {"aws:epochtime", KnownKey::kEpochTime},
    {"aws:multifactorauthpresent", KnownKey::kMultiFactorAuthPresent},
    {"aws:principalaccount", KnownKey::kPrincipalAccount},
    {"aws:principalarn", KnownKey::kPrincipalArn},
    {"aws:principalisawsservice", KnownKey::kPrincipalIsAwsService},
    {"aws:principaltype", KnownKey::kPrincipalType},
    {"aws:referer", KnownKey::kReferer},
    {"aws:requestedregion", KnownKey::kRequestedRegion},
    {"aws:resourceaccount", KnownKey::kResourceAccount},
    {"aws:securetransport", KnownKey::kSecureTransport},
    {"aws:sourceidentity", KnownKey::kSourceIdentity},
    {"aws:sourceip", KnownKey::kSourceIp},
    {"aws:tagkeys", KnownKey::kTagKeys},
    {"aws:tokenissuetime", KnownKey::kTokenIssueTime},
    {"aws:useragent", KnownKey::kUserAgent},
    {"aws:userid", KnownKey::kUserId},
    {"aws:username", KnownKey::kUsername},
    {"aws:viaawsservice", KnownKey::kViaAwsService},
    {"dynamodb:attributes", KnownKey::kDynamodbAttributes},
    {"dynamodb:enclosingoperation", KnownKey::kDynamodbEnclosingOperation},
    {"dynamodb:firstpartitionkeyvalues", KnownKey::kDynamodbLeadingKeys},
    {"dynamodb:fourthpartitionkeyvalues", KnownKey::kDynamodbFourthPartitionKeyValues},
    {"dynamodb:fulltablescan", KnownKey::kDynamodbFullTableScan},
    {"dynamodb:leadingkeys", KnownKey::kDynamodbLeadingKeys},
    {"dynamodb:returnconsumedcapacity", KnownKey::kDynamodbReturnConsumedCapacity},
    {"dynamodb:returnvalues", KnownKey::kDynamodbReturnValues},
    {"dynamodb:secondpartitionkeyvalues", KnownKey::kDynamodbSecondPartitionKeyValues},
    {"dynamodb:select", KnownKey::kDynamodbSelect},
    {"dynamodb:thirdpartitionkeyvalues", KnownKey::kDynamodbThirdPartitionKeyValues},
};

// Those whose names end in the key of a tag.
constexpr NamedKey kTagKeys[] = {
    {"aws:principaltag/", KnownKey::kPrincipalTag},
    {"aws:requesttag/", KnownKey::kRequestTag},
    {"aws:resourcetag/", KnownKey::kResourceTag},
};

}  // namespace

ConditionKey make_condition_key(std::string_view name) {
  ConditionKey key{.known = KnownKey::kOther, .name = lower_case(name), .as_written = std::string(name)};
  for (const NamedKey& one : kKeys) {
    if (one.name == key.name) key.known = one.key;
  }
  for (const NamedKey& one : kTagKeys) {
    if (key.name.size() > one.name.size() && key.name.starts_with(one.name)) key.known = one.key;
  }
  return key;
}

void MapContext::Entry::assign(std::vector<std::string> texts) {
  values = std::move(texts);
  views.assign(values.begin(), values.end());
}

MapContext::Entry& MapContext::Entry::operator=(const Entry& other) {
  if (this == &other) return *this;
  assign(other.values);
  several = other.several;
  return *this;
}

void MapContext::set(std::string_view name, std::vector<std::string> values, bool several) {
  Entry& entry = entries_[lower_case(name)];
  entry.assign(std::move(values));
  entry.several = several || entry.values.size() > 1;
}

KeyValues MapContext::find(const ConditionKey& key) const {
  auto found = entries_.find(key.name);
  if (found == entries_.end() && key.known == KnownKey::kDynamodbLeadingKeys) {
    found = entries_.find("dynamodb:leadingkeys");
    if (found == entries_.end()) found = entries_.find("dynamodb:firstpartitionkeyvalues");
  }
  if (found == entries_.end()) return {};
  return {.state = KeyValues::State::kPresent, .several = found->second.several, .values = found->second.views};
}

}  // namespace armature::auth::iam
