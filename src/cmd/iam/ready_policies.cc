#include "cmd/iam/ready_policies.h"

#include <algorithm>

#include "wire/json.h"

namespace armature::cmd {
namespace {

constexpr std::string_view kReadActions[] = {"dynamodb:BatchGetItem",
                                             "dynamodb:ConditionCheckItem",
                                             "dynamodb:DescribeTable",
                                             "dynamodb:DescribeTimeToLive",
                                             "dynamodb:GetItem",
                                             "dynamodb:ListTagsOfResource",
                                             "dynamodb:PartiQLSelect",
                                             "dynamodb:Query",
                                             "dynamodb:Scan",
                                             "dynamodb:DescribeStream",
                                             "dynamodb:GetShardIterator",
                                             "dynamodb:GetRecords",
                                             "dynamodb:DescribeContinuousBackups"};
constexpr std::string_view kWriteActions[] = {
    "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLUpdate",  "dynamodb:PutItem",    "dynamodb:UpdateItem"};
// What is asked of no table in particular.
constexpr std::string_view kGeneralActions[] = {"dynamodb:DescribeEndpoints", "dynamodb:DescribeLimits",
                                                "dynamodb:ListStreams", "dynamodb:ListTables"};

class DocumentWriter {
 public:
  DocumentWriter() : json_(&text_) {
    json_.begin_object();
    json_.member("Version", "2012-10-17");
    json_.key("Statement");
    json_.begin_array();
  }
  void allow(std::string_view sid, const std::vector<std::string_view>& actions,
             const std::vector<std::string>& resources) {
    json_.begin_object();
    json_.member("Sid", sid);
    json_.member("Effect", "Allow");
    json_.key("Action");
    json_.begin_array();
    for (const std::string_view action : actions) json_.string(action);
    json_.end_array();
    json_.key("Resource");
    json_.begin_array();
    for (const std::string& resource : resources) json_.string(resource);
    json_.end_array();
    json_.end_object();
  }
  std::string finish() {
    json_.end_array();
    json_.end_object();
    return text_;
  }

 private:
  Bytes text_;
  wire::JsonWriter json_;
};

std::string item_document(bool writes, std::string_view account_id, std::string_view region, std::string_view table) {
  const std::string arn =
      "arn:aws:dynamodb:" + std::string(region) + ":" + std::string(account_id) + ":table/" + std::string(table);
  std::vector<std::string_view> actions(std::begin(kReadActions), std::end(kReadActions));
  if (writes) actions.insert(actions.end(), std::begin(kWriteActions), std::end(kWriteActions));
  DocumentWriter writer;
  writer.allow("Items", actions, {arn, arn + "/index/*", arn + "/stream/*"});
  writer.allow("Lists", {std::begin(kGeneralActions), std::end(kGeneralActions)}, {"*"});
  return writer.finish();
}

std::string self_service_document(std::string_view account_id) {
  const std::string self = "arn:aws:iam::" + std::string(account_id) + ":user/${aws:username}";
  DocumentWriter writer;
  writer.allow("OwnKeysAndPassword",
               {"iam:ChangePassword", "iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:GetAccessKeyLastUsed",
                "iam:GetUser", "iam:ListAccessKeys", "iam:UpdateAccessKey"},
               {self});
  return writer.finish();
}

}  // namespace

const std::vector<ReadyPolicyInfo>& ready_policies() {
  static const std::vector<ReadyPolicyInfo> all = {
      {"read-only", "reads every table", false},
      {"read-write", "reads and writes items of every table, and creates or deletes none", false},
      {"table", "reads and writes items of one table, with its indexes and stream (--table)", true},
      {"table-read-only", "reads one table, with its indexes and stream (--table)", true},
      {"dynamodb-admin", "everything in DynamoDB, and nothing about identities", false},
      {"self-service", "its own access keys and password", false},
      {"admin", "everything", false},
  };
  return all;
}

Expected<ReadyPolicy, std::string> make_ready_policy(std::string_view name, std::string_view account_id,
                                                     std::string_view region, std::string_view table) {
  const auto managed = [](std::string_view policy) {
    return ReadyPolicy{"arn:aws:iam::aws:policy/" + std::string(policy), {}, {}};
  };
  const auto& all = ready_policies();
  const auto known =
      std::find_if(all.begin(), all.end(), [&](const ReadyPolicyInfo& info) { return info.name == name; });
  if (known == all.end()) {
    std::string names;
    for (const ReadyPolicyInfo& info : all) names.append(names.empty() ? "" : ", ").append(info.name);
    return Unexpected("there is no ready policy '" + std::string(name) + "'; there are " + names);
  }
  if (known->needs_table && table.empty()) {
    return Unexpected("the ready policy '" + std::string(name) + "' is for one table: name it with --table");
  }
  if (!known->needs_table && !table.empty()) {
    return Unexpected("the ready policy '" + std::string(name) +
                      "' is for every table; for one, use table or "
                      "table-read-only");
  }
  if (name == "read-only") return managed("AmazonDynamoDBReadOnlyAccess");
  if (name == "dynamodb-admin") return managed("AmazonDynamoDBFullAccess");
  if (name == "admin") return managed("AdministratorAccess");
  if (name == "self-service") return ReadyPolicy{{}, "self-service", self_service_document(account_id)};
  if (name == "read-write") return ReadyPolicy{{}, "read-write", item_document(true, account_id, region, "*")};
  const bool writes = name == "table";
  return ReadyPolicy{
      {}, std::string(name) + "-" + std::string(table), item_document(writes, account_id, region, table)};
}

std::string address_policy(const std::vector<std::string>& cidrs) {
  Bytes text;
  wire::JsonWriter json(&text);
  json.begin_object();
  json.member("Version", "2012-10-17");
  json.key("Statement");
  json.begin_object();
  json.member("Sid", "AllowedAddresses");
  json.member("Effect", "Deny");
  json.member("Action", "*");
  json.member("Resource", "*");
  json.key("Condition");
  json.begin_object();
  json.key("NotIpAddress");
  json.begin_object();
  json.key("aws:SourceIp");
  json.begin_array();
  for (const std::string& cidr : cidrs) json.string(cidr);
  json.end_array();
  json.end_object();
  json.end_object();
  json.end_object();
  json.end_object();
  return text;
}

}  // namespace armature::cmd
