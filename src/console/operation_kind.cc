#include "console/operation_kind.h"

#include <algorithm>

#include "base/header.h"

namespace armature::console {
namespace {

// Operations of DynamoDB and its Streams that only read, whether or not this server has them: connections lead to
// others. Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB" (access
// levels Read and List).
constexpr std::string_view kReading[] = {
    "BatchGetItem",
    "DescribeBackup",
    "DescribeContinuousBackups",
    "DescribeContributorInsights",
    "DescribeEndpoints",
    "DescribeExport",
    "DescribeGlobalTable",
    "DescribeGlobalTableSettings",
    "DescribeImport",
    "DescribeKinesisStreamingDestination",
    "DescribeLimits",
    "DescribeStream",
    "DescribeTable",
    "DescribeTableReplicaAutoScaling",
    "DescribeTimeToLive",
    "GetItem",
    "GetRecords",
    "GetResourcePolicy",
    "GetShardIterator",
    "ListBackups",
    "ListContributorInsights",
    "ListExports",
    "ListGlobalTables",
    "ListImports",
    "ListStreams",
    "ListTables",
    "ListTagsOfResource",
    "Query",
    "Scan",
    "TransactGetItems",
};
static_assert(std::ranges::is_sorted(kReading));

// Blanks and comments are skipped as PartiQL does.
std::string_view skip_blanks(std::string_view text) {
  while (true) {
    while (!text.empty() && (static_cast<unsigned char>(text.front()) <= ' ')) text.remove_prefix(1);
    if (text.starts_with("--")) {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
    } else if (text.starts_with("/*")) {
      const std::size_t end = text.find("*/");
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    } else {
      return text;
    }
  }
}

// Given twice, servers differ in which one counts.
bool is_repeated(const wire::Json& object, std::string_view name) {
  return std::count_if(object.members.begin(), object.members.end(),
                       [&](const wire::JsonMember& member) { return member.name == name; }) > 1;
}

// The statement of {Statement: …}. Absent or of another type, the server will refuse it.
bool statement_member_changes_data(const wire::Json& object) {
  if (is_repeated(object, "Statement")) return true;
  const wire::Json* const statement = object.find("Statement");
  return statement != nullptr && statement_changes_data(statement->text);
}

bool statements_change_data(const wire::Json& input, std::string_view list) {
  if (is_repeated(input, list)) return true;
  const wire::Json* const statements = input.find(list);
  if (statements == nullptr) return false;
  return std::any_of(statements->elements.begin(), statements->elements.end(), statement_member_changes_data);
}

}  // namespace

bool statement_changes_data(std::string_view statement) {
  const std::string_view text = skip_blanks(statement);
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto end = std::find_if_not(text.begin(), text.end(), is_letter);
  const std::string_view word(text.begin(), end);
  return !equals_ignoring_case(word, "SELECT") && !equals_ignoring_case(word, "EXISTS");
}

bool changes_data(std::string_view operation, const wire::Json& input) {
  if (operation == "ExecuteStatement") return statement_member_changes_data(input);
  if (operation == "BatchExecuteStatement") return statements_change_data(input, "Statements");
  if (operation == "ExecuteTransaction") return statements_change_data(input, "TransactStatements");
  return !std::ranges::binary_search(kReading, operation);
}

bool changes_identities(std::string_view service, std::string_view action) {
  if (service == "sts") {
    return action != "GetCallerIdentity" && action != "GetAccessKeyInfo" && action != "DecodeAuthorizationMessage";
  }
  for (const std::string_view prefix : {"Get", "List", "Simulate"}) {
    if (action.starts_with(prefix)) return false;
  }
  return true;
}

}  // namespace armature::console
