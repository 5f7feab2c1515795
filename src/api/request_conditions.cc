#include "api/request_conditions.h"

#include <fmt/format.h>

#include <ctime>

#include "base/header.h"

namespace armature::api {
namespace {

using auth::iam::ConditionKey;
using auth::iam::KeyValues;
using auth::iam::KnownKey;

// Part `index` (from 0) of an ARN; empty when it has fewer, or is none.
std::string_view arn_part(std::string_view arn, int index) {
  if (!arn.starts_with("arn:")) return {};
  for (; index > 0; --index) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return arn.substr(0, arn.find(':'));
}

// The ARN of the table that `arn` is or is part of; empty: none.
std::string_view table_part(std::string_view arn) {
  if (arn_part(arn, 2) != "dynamodb") return {};
  constexpr std::string_view kTable = ":table/";
  const std::size_t table = arn.find(kTable);
  if (table == std::string_view::npos) return {};
  return arn.substr(0, arn.find('/', table + kTable.size()));
}

std::string_view principal_type(const auth::Identity& identity) {
  switch (identity.type) {
    case auth::PrincipalType::kAccount: return identity.kind == auth::PrincipalKind::kUser ? "User" : "Account";
    case auth::PrincipalType::kUser: return "User";
    case auth::PrincipalType::kAssumedRole: return "AssumedRole";
    case auth::PrincipalType::kFederatedUser: return "FederatedUser";
  }
  return {};
}

std::string iso_time(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm utc{};
  gmtime_r(&time, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

// Actions on items: what their requests hold is what fine-grained policies are about.
bool is_item_action(std::string_view action) {
  constexpr std::string_view kActions[] = {
      "dynamodb:BatchGetItem",  "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteItem",    "dynamodb:GetItem",        "dynamodb:PartiQLDelete",
      "dynamodb:PartiQLInsert", "dynamodb:PartiQLSelect",  "dynamodb:PartiQLUpdate",
      "dynamodb:PutItem",       "dynamodb:Query",          "dynamodb:Scan",
      "dynamodb:SearchVectors", "dynamodb:UpdateItem",
  };
  for (const std::string_view one : kActions) {
    if (one == action) return true;
  }
  return false;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

RequestConditions::RequestConditions(const RequestContext& context, const AccessRequest& access, const Catalog& catalog,
                                     const Clock& clock, bool scans_have_unknown_keys)
    : context_(context),
      access_(access),
      catalog_(catalog),
      clock_(clock),
      scans_have_unknown_keys_(scans_have_unknown_keys) {}

std::string_view RequestConditions::resource_account() const {
  const std::string_view account = arn_part(access_.resource_arn, 4);
  // Policies that ship with the service belong to "aws": for every account they are like its own.
  return account.empty() || account == "aws" ? context_.account_id : account;
}

const auth::iam::Policy* RequestConditions::resource_policy() const {
  const auto policy_of = [](const ResourcePolicyRef& policy) {
    return policy != nullptr ? &policy->policy() : nullptr;
  };
  if (access_.resource_policy) return *access_.resource_policy;
  const std::string_view arn = access_.resource_arn;
  if (!access_.table) {
    const std::string_view of_table = table_part(arn);
    if (of_table.empty()) return nullptr;
    if (const auto stream = parse_stream_arn(arn)) {
      stream_ = catalog_.find_stream(context_.region, *stream);
      return stream_ ? policy_of(stream_->stream->resource_policy) : nullptr;
    }
    const std::string_view rest = arn.substr(of_table.size());
    if (!rest.empty() && !rest.starts_with("/index/")) return nullptr;  // Backups and the like have none.
  }
  return table() != nullptr ? policy_of(table()->resource_policy) : nullptr;
}

KeyValues RequestConditions::one(std::string_view value) const {
  const std::string_view kept = context_.arena->copy(value);
  return {
      .state = KeyValues::State::kPresent, .several = false, .values = context_.arena->copy_array(std::span(&kept, 1))};
}

KeyValues RequestConditions::one_or_none(std::string_view value) const {
  return value.empty() ? KeyValues{} : one(value);
}

KeyValues RequestConditions::find(const ConditionKey& key) const {
  const auth::Identity& who = *context_.identity;
  const bool temporary = who.expires_at_s.has_value();
  switch (key.known) {
    case KnownKey::kCurrentTime: return one(iso_time(clock_.now_s()));
    case KnownKey::kEpochTime: return one(std::to_string(clock_.now_s()));
    case KnownKey::kMultiFactorAuthPresent: return temporary ? one(who.mfa_present ? "true" : "false") : KeyValues{};
    case KnownKey::kPrincipalAccount: return one(who.account_id);
    case KnownKey::kPrincipalArn: return one(who.role_arn.empty() ? who.principal_arn : who.role_arn);
    case KnownKey::kPrincipalIsAwsService:
    case KnownKey::kViaAwsService: return one("false");
    case KnownKey::kPrincipalTag: return principal_tag(key);
    case KnownKey::kPrincipalType: return one(principal_type(who));
    case KnownKey::kReferer: return one_or_none(context_.referer);
    case KnownKey::kRequestedRegion: return one_or_none(context_.region);
    case KnownKey::kResourceAccount: return one_or_none(resource_account());
    case KnownKey::kResourceTag: return resource_tag(key);
    case KnownKey::kSecureTransport: return one(context_.secure ? "true" : "false");
    case KnownKey::kSourceIdentity: return one_or_none(who.source_identity);
    case KnownKey::kSourceIp: return one_or_none(context_.peer_address);
    case KnownKey::kTokenIssueTime: return who.token_issued_at_s ? one(iso_time(*who.token_issued_at_s)) : KeyValues{};
    case KnownKey::kUserAgent: return one_or_none(context_.user_agent);
    case KnownKey::kUserId: return one_or_none(who.user_id);
    case KnownKey::kUsername:
      // A federated session has no user name though a user asked for it.
      return who.type == auth::PrincipalType::kFederatedUser ? KeyValues{} : one_or_none(who.user_name);
    case KnownKey::kOther:
    case KnownKey::kDynamodbAttributes:
    case KnownKey::kDynamodbEnclosingOperation:
    case KnownKey::kDynamodbFullTableScan:
    case KnownKey::kDynamodbLeadingKeys:
    case KnownKey::kDynamodbSecondPartitionKeyValues:
    case KnownKey::kDynamodbThirdPartitionKeyValues:
    case KnownKey::kDynamodbFourthPartitionKeyValues:
    case KnownKey::kDynamodbReturnConsumedCapacity:
    case KnownKey::kDynamodbReturnValues:
    case KnownKey::kDynamodbSelect:
    case KnownKey::kRequestTag:
    case KnownKey::kTagKeys: break;
  }
  return fact(key);
}

KeyValues RequestConditions::principal_tag(const ConditionKey& key) const {
  for (const auth::PrincipalTag& tag : context_.identity->tags) {
    if (equals_ignoring_case(tag.key, key.tag_key())) return one(tag.value);
  }
  return {};
}

KeyValues RequestConditions::resource_tag(const ConditionKey& key) const {
  const TableDefinition* const definition = table();
  if (definition == nullptr) return fact(key);
  for (const auto& [name, value] : definition->tags) {
    if (equals_ignoring_case(name, key.tag_key())) return one(value);
  }
  return {};
}

KeyValues RequestConditions::fact(const ConditionKey& key) const {
  if (!access_.facts.given()) {
    return should_be_known(key) ? KeyValues{.state = KeyValues::State::kUnknown} : KeyValues{};
  }
  if (!facts_) {
    facts_.emplace(context_.arena, table());
    access_.facts(&*facts_);
  }
  const KeyValues values = facts_->find(key);
  const bool scans = access_.action == "dynamodb:Scan" || access_.action == "dynamodb:PartiQLSelect";
  if (values.state == KeyValues::State::kUnknown && !scans_have_unknown_keys_ && scans) return {};
  return values;
}

bool RequestConditions::should_be_known(const ConditionKey& key) const {
  if (key.known == KnownKey::kRequestTag || key.known == KnownKey::kTagKeys) {
    return contains(access_.action, "Tag") || contains(access_.action, ":Create");
  }
  if (key.name.starts_with("dynamodb:")) return is_item_action(access_.action);
  return key.name.starts_with("iam:") || key.name.starts_with("sts:") || key.known == KnownKey::kResourceTag;
}

const TableDefinition* RequestConditions::table() const {
  if (access_.table) return *access_.table;
  if (!table_) {
    table_.emplace(nullptr);
    const std::string_view arn = table_part(access_.resource_arn);
    const auto name = arn.empty() ? std::nullopt : parse_table_name(arn);
    if (name) *table_ = catalog_.find(context_.region, *name);
  }
  return table_->get();
}

}  // namespace armature::api
