// Query: a range of one item collection. Source: API Reference, "Query".
#pragma once

#include "api/dynamodb/read_page.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct QueryRequest : PageParameters {
  std::optional<LegacyFilters> key_conditions;
  std::optional<std::string_view> key_condition_expression;
  std::optional<bool> scan_index_forward;
};

template <>
struct Shape<QueryRequest> : ShapeOf<QueryRequest> {
  static constexpr std::string_view name = "QueryInput";
  static constexpr Member members[] = {
      member<&QueryRequest::table_name>("TableName", kTableNameOrArn),
      member<&QueryRequest::index_name>("IndexName", kIndexName),
      member<&QueryRequest::select>("Select"),
      member<&QueryRequest::attributes_to_get>("AttributesToGet", kAttributesToGet),
      member<&QueryRequest::limit>("Limit", {.minimum = 1, .terse = true}),
      member<&QueryRequest::consistent_read>("ConsistentRead"),
      member<&QueryRequest::key_conditions>("KeyConditions"),
      member<&QueryRequest::legacy_filter>("QueryFilter"),
      member<&QueryRequest::conditional_operator>("ConditionalOperator"),
      member<&QueryRequest::scan_index_forward>("ScanIndexForward"),
      member<&QueryRequest::exclusive_start_key>("ExclusiveStartKey"),
      member<&QueryRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
      member<&QueryRequest::projection_expression>("ProjectionExpression"),
      member<&QueryRequest::filter_expression>("FilterExpression"),
      member<&QueryRequest::key_condition_expression>("KeyConditionExpression"),
      member<&QueryRequest::expression_names>("ExpressionAttributeNames"),
      member<&QueryRequest::expression_values>("ExpressionAttributeValues"),
  };
};

struct QueryResponse : PageResponse {};

Result<void> check_before_values(const QueryRequest& request);
Task<Result<QueryResponse>> query(Services& services, RequestContext& context, const QueryRequest& request);

}  // namespace armature::api
