// Scan: a whole table or index, or one of its segments. Source: API Reference, "Scan".
#pragma once

#include "api/dynamodb/read_page.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct ScanRequest : PageParameters {
  std::optional<std::int32_t> segment;
  std::optional<std::int32_t> total_segments;
};

template <>
struct Shape<ScanRequest> : ShapeOf<ScanRequest> {
  static constexpr std::string_view name = "ScanInput";
  static constexpr Member members[] = {
      member<&ScanRequest::table_name>("TableName", kTableNameOrArn),
      member<&ScanRequest::index_name>("IndexName", kIndexName),
      member<&ScanRequest::attributes_to_get>("AttributesToGet", kAttributesToGet),
      member<&ScanRequest::limit>("Limit", {.minimum = 1}),
      member<&ScanRequest::select>("Select"),
      member<&ScanRequest::legacy_filter>("ScanFilter"),
      member<&ScanRequest::conditional_operator>("ConditionalOperator"),
      member<&ScanRequest::exclusive_start_key>("ExclusiveStartKey"),
      member<&ScanRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
      member<&ScanRequest::total_segments>("TotalSegments", {.minimum = 1, .maximum = 1000000}),
      member<&ScanRequest::segment>("Segment", {.minimum = 0, .maximum = 999999}),
      member<&ScanRequest::projection_expression>("ProjectionExpression"),
      member<&ScanRequest::filter_expression>("FilterExpression"),
      member<&ScanRequest::expression_names>("ExpressionAttributeNames"),
      member<&ScanRequest::expression_values>("ExpressionAttributeValues"),
      member<&ScanRequest::consistent_read>("ConsistentRead"),
  };
};

struct ScanResponse : PageResponse {};

Result<void> check_before_values(const ScanRequest& request);
Task<Result<ScanResponse>> scan(Services& services, RequestContext& context, const ScanRequest& request);

}  // namespace armature::api
