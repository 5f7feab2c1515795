// BatchExecuteStatement: up to 25 PartiQL statements, each of one item and each with a result of its own.
// Source: API Reference, "BatchExecuteStatement", "BatchStatementRequest", "BatchStatementError".
#pragma once

#include <vector>

#include "api/context.h"
#include "api/dynamodb/parameters.h"
#include "api/dynamodb/statements.h"
#include "api/dynamodb/usage.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct BatchStatementRequest {
  std::string_view statement;
  std::optional<std::span<const Value>> parameters;
  std::optional<bool> consistent_read;
  // Taken and without effect, as in the service.
  std::optional<ReturnValuesOnFailure> return_values_on_failure;
};
template <>
struct Shape<BatchStatementRequest> : ShapeOf<BatchStatementRequest> {
  static constexpr std::string_view name = "BatchStatementRequest";
  static constexpr Member members[] = {
      member<&BatchStatementRequest::statement>("Statement", kStatement),
      member<&BatchStatementRequest::parameters>("Parameters", kStatementParameters),
      member<&BatchStatementRequest::consistent_read>("ConsistentRead"),
      member<&BatchStatementRequest::return_values_on_failure>("ReturnValuesOnConditionCheckFailure"),
  };
};

struct BatchExecuteStatementRequest {
  std::span<const BatchStatementRequest> statements;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
};
template <>
struct Shape<BatchExecuteStatementRequest> : ShapeOf<BatchExecuteStatementRequest> {
  static constexpr std::string_view name = "BatchExecuteStatementInput";
  static constexpr Member members[] = {
      member<&BatchExecuteStatementRequest::statements>("Statements", {.required = true, .minimum = 1, .maximum = 25}),
      member<&BatchExecuteStatementRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
  };
};

struct BatchExecuteStatementResponse {
  struct Entry {
    std::optional<Error> error;
    std::string_view table_name;  // Empty: not known, since the statement could not be read.
    ReturnedItem item;
  };
  std::vector<Entry> entries;  // In the order of the request.
  std::vector<CapacityReport> consumed;
  std::vector<partiql::StatementRef> statements;  // Keep names of columns and of tables.
};

Task<Result<BatchExecuteStatementResponse>> batch_execute_statement(Services& services, RequestContext& context,
                                                                    const BatchExecuteStatementRequest& request);
void encode(const BatchExecuteStatementResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
