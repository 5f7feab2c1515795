// Table requests written as JSON, for tests of what is planned from them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "api/dynamodb/tables/plan.h"
#include "api/dynamodb/tables/requests.h"
#include "api/shape.h"
#include "base/arena.h"
#include "wire/json.h"

namespace armature::api {

inline constexpr Clock::Millis kNow = 1'795'000'000'000;  // 2026-11-18T11:06:40Z.

// Decodes requests and keeps what they borrow from.
class Requests {
 public:
  template <class Request>
  Result<Request> decode(const std::string& json) {
    bodies_.push_back(std::make_unique<std::string>(json));
    TRY_ASSIGN(const wire::Json* parsed, wire::parse_json(*bodies_.back(), &arena_));
    std::optional<Error> value_error;
    return decode_request<Request>(*parsed, &arena_, &value_error);
  }

  Result<TableDefinition> create(const std::string& json, const PlanContext& context = {.now_ms = kNow}) {
    TRY_ASSIGN(const CreateTableRequest request, decode<CreateTableRequest>(json));
    return plan_create_table(request, context);
  }
  Result<TableDefinition> update(const TableDefinition& current, const std::string& json,
                                 const PlanContext& context = {.now_ms = kNow}) {
    TRY_ASSIGN(const UpdateTableRequest request, decode<UpdateTableRequest>(json));
    return plan_update_table(request, current, context);
  }

 private:
  Arena arena_;
  std::vector<std::unique_ptr<std::string>> bodies_;
};

// What a refusal says; empty, and a failed test, when there was none.
template <class T>
std::string message(const Result<T>& result) {
  EXPECT_FALSE(result.has_value()) << "was expected to be refused";
  return result ? std::string() : result.error().message;
}

// "{" a JSON object's members, one part after another, "}".
template <class... Parts>
std::string object(const Parts&... parts) {
  std::string json = "{";
  ((json += (json.size() > 1 ? "," : ""), json += parts), ...);
  return json + "}";
}

// Members of requests, ready to be put together.
inline const std::string kName = R"("TableName": "Orders")";
inline const std::string kHashKey = R"("KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}])";
inline const std::string kHashAndRangeKey =
    R"("KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}])";
inline const std::string kOnDemand = R"("BillingMode": "PAY_PER_REQUEST")";
inline const std::string kFiveUnits = R"("ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5})";

// "p:S c:N" as AttributeDefinitions.
inline std::string definitions(const std::string& pairs) {
  std::string json;
  for (std::size_t at = 0; at < pairs.size();) {
    const std::size_t end = std::min(pairs.find(' ', at), pairs.size());
    const std::size_t colon = pairs.find(':', at);
    json += (json.empty() ? "" : ",") + (R"({"AttributeName": ")" + pairs.substr(at, colon - at)) +
            R"(", "AttributeType": ")" + pairs.substr(colon + 1, end - colon - 1) + R"("})";
    at = end + 1;
  }
  return R"("AttributeDefinitions": [)" + json + "]";
}

// "p:HASH c:RANGE" as a KeySchema.
inline std::string key_schema(const std::string& pairs) {
  std::string json;
  for (std::size_t at = 0; at < pairs.size();) {
    const std::size_t end = std::min(pairs.find(' ', at), pairs.size());
    const std::size_t colon = pairs.find(':', at);
    json += (json.empty() ? "" : ",") + (R"({"AttributeName": ")" + pairs.substr(at, colon - at)) +
            R"(", "KeyType": ")" + pairs.substr(colon + 1, end - colon - 1) + R"("})";
    at = end + 1;
  }
  return R"("KeySchema": [)" + json + "]";
}

inline std::string index(const std::string& name, const std::string& keys,
                         const std::string& projection = R"({"ProjectionType": "ALL"})", const std::string& more = "") {
  return R"({"IndexName": ")" + name + R"(", )" + key_schema(keys) + R"(, "Projection": )" + projection +
         (more.empty() ? "" : "," + more) + "}";
}

inline std::string local_indexes(const std::string& list) { return R"("LocalSecondaryIndexes": [)" + list + "]"; }
inline std::string global_indexes(const std::string& list) { return R"("GlobalSecondaryIndexes": [)" + list + "]"; }
inline std::string index_updates(const std::string& list) { return R"("GlobalSecondaryIndexUpdates": [)" + list + "]"; }

}  // namespace armature::api
