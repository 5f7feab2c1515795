// The names of condition keys, and how a request answers for them. Evaluation (auth/iam/evaluate.h) asks for a key only
// when a condition of a policy that could apply names it, so finding a value may cost something.
// Source: IAM User Guide, "AWS global condition context keys"; Service Authorization Reference, "Actions, resources,
// and condition keys for Amazon DynamoDB".
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace armature::auth {
struct Identity;
}

namespace armature::auth::iam {

// The keys this server has values for; kOther is any other, found by its name.
enum class KnownKey : std::uint8_t {
  kOther,
  kDynamodbAttributes,
  kDynamodbEnclosingOperation,
  kDynamodbFullTableScan,
  kDynamodbLeadingKeys,  // Also dynamodb:FirstPartitionKeyValues.
  kDynamodbSecondPartitionKeyValues,
  kDynamodbThirdPartitionKeyValues,
  kDynamodbFourthPartitionKeyValues,
  kDynamodbReturnConsumedCapacity,
  kDynamodbReturnValues,
  kDynamodbSelect,
  kCurrentTime,
  kEpochTime,
  kMultiFactorAuthPresent,
  kPrincipalAccount,
  kPrincipalArn,
  kPrincipalIsAwsService,
  kPrincipalTag,  // aws:PrincipalTag/<tag key>, as the other two kinds of tags.
  kPrincipalType,
  kReferer,
  kRequestTag,
  kRequestedRegion,
  kResourceAccount,
  kResourceTag,
  kSecureTransport,
  kSourceIdentity,
  kSourceIp,
  kTagKeys,
  kTokenIssueTime,
  kUserAgent,
  kUserId,
  kUsername,
  kViaAwsService,
};

// A key as a policy names it. Names ignore case, those of tags included.
struct ConditionKey {
  KnownKey known = KnownKey::kOther;
  std::string name;        // In lower case, whole: "aws:principaltag/team".
  std::string as_written;  // "aws:PrincipalTag/Team".

  // "team": of the kinds that end in a tag's key.
  std::string_view tag_key() const { return std::string_view(name).substr(name.find('/') + 1); }
};
ConditionKey make_condition_key(std::string_view name);

// What a request has for a key. The views live as long as the context they came from.
struct KeyValues {
  enum class State : std::uint8_t {
    kAbsent,
    kPresent,
    // The request is about values of the key that nobody can list, as a Scan is about every partition key: no test of
    // the key is trusted, so an Allow that makes one does not apply and a Deny does. Null and ...IfExists take it for
    // absent.
    kUnknown,
  };
  State state = State::kAbsent;
  bool several = false;  // Of a multivalued key (a list, possibly of one or none): it cannot be a policy variable.
  std::span<const std::string_view> values = {};

  bool absent() const { return state == State::kAbsent; }
};

// Not thread-safe unless said: belongs to one request.
class ConditionContext {
 public:
  virtual ~ConditionContext() = default;
  // Values are text: numbers in decimal, times as ISO 8601 or epoch seconds, "true" and "false", binary as base64.
  virtual KeyValues find(const ConditionKey& key) const = 0;
};

// A context of given values: for simulation, and for tests. Safe to read from many threads.
class MapContext final : public ConditionContext {
 public:
  // `several`: the key is multivalued whatever the number of values.
  void set(std::string_view name, std::vector<std::string> values, bool several = false);
  KeyValues find(const ConditionKey& key) const override;

 private:
  struct Entry {
    Entry() = default;
    Entry(const Entry& other) { *this = other; }
    Entry& operator=(const Entry& other);
    void assign(std::vector<std::string> texts);

    std::vector<std::string> values;
    std::vector<std::string_view> views;  // Of `values`.
    bool several = false;
  };
  std::map<std::string, Entry, std::less<>> entries_;  // By lower-case name.
};

}  // namespace armature::auth::iam
