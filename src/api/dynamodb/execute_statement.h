// ExecuteStatement: one PartiQL statement. Source: API Reference, "ExecuteStatement".
#pragma once

#include <vector>

#include "api/context.h"
#include "api/dynamodb/parameters.h"
#include "api/dynamodb/statements.h"
#include "api/dynamodb/usage.h"
#include "api/services.h"
#include "base/task.h"
#include "partiql/next_token.h"
#include "partiql/select.h"

namespace armature::api {

struct ExecuteStatementRequest {
  std::string_view statement;
  std::optional<std::span<const Value>> parameters;
  std::optional<bool> consistent_read;
  std::optional<std::string_view> next_token;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<std::int32_t> limit;
  std::optional<ReturnValuesOnFailure> return_values_on_failure;
};

template <>
struct Shape<ExecuteStatementRequest> : ShapeOf<ExecuteStatementRequest> {
  static constexpr std::string_view name = "ExecuteStatementInput";
  static constexpr Member members[] = {
      member<&ExecuteStatementRequest::statement>("Statement", kStatement),
      member<&ExecuteStatementRequest::parameters>("Parameters", kStatementParameters),
      member<&ExecuteStatementRequest::consistent_read>("ConsistentRead"),
      member<&ExecuteStatementRequest::next_token>("NextToken", {.minimum = 1, .maximum = partiql::kMaxNextTokenBytes}),
      member<&ExecuteStatementRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
      member<&ExecuteStatementRequest::limit>("Limit", {.minimum = 1}),
      member<&ExecuteStatementRequest::return_values_on_failure>("ReturnValuesOnConditionCheckFailure"),
  };
};

struct ExecuteStatementResponse {
  partiql::SelectPage page;  // Of a SELECT.
  ReturnedItem written;      // What a write returns.
  std::optional<Bytes> next_token;
  std::optional<CapacityReport> consumed;
  partiql::StatementRef statement;  // Keeps names of columns and of the table.
};

Task<Result<ExecuteStatementResponse>> execute_statement(Services& services, RequestContext& context,
                                                         const ExecuteStatementRequest& request);
void encode(const ExecuteStatementResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
