// ExecuteTransaction: up to 100 PartiQL statements, all or none. Source: API Reference, "ExecuteTransaction",
// "ParameterizedStatement".
#pragma once

#include <vector>

#include "api/context.h"
#include "api/dynamodb/parameters.h"
#include "api/dynamodb/statements.h"
#include "api/dynamodb/transact.h"
#include "api/dynamodb/usage.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct ParameterizedStatement {
  std::string_view statement;
  std::optional<std::span<const Value>> parameters;
  std::optional<ReturnValuesOnFailure> return_values_on_failure;
};
template <>
struct Shape<ParameterizedStatement> : ShapeOf<ParameterizedStatement> {
  static constexpr std::string_view name = "ParameterizedStatement";
  static constexpr Member members[] = {
      member<&ParameterizedStatement::statement>("Statement", kStatement),
      member<&ParameterizedStatement::parameters>("Parameters", kStatementParameters),
      member<&ParameterizedStatement::return_values_on_failure>("ReturnValuesOnConditionCheckFailure"),
  };
};

struct ExecuteTransactionRequest {
  std::span<const ParameterizedStatement> statements;
  std::optional<std::string_view> client_request_token;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
};
template <>
struct Shape<ExecuteTransactionRequest> : ShapeOf<ExecuteTransactionRequest> {
  static constexpr std::string_view name = "ExecuteTransactionInput";
  static constexpr Member members[] = {
      member<&ExecuteTransactionRequest::statements>("TransactStatements", kTransactItems),
      member<&ExecuteTransactionRequest::client_request_token>("ClientRequestToken", {.minimum = 1, .maximum = 36}),
      member<&ExecuteTransactionRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
  };
};

struct ExecuteTransactionResponse {
  std::vector<ReturnedItem> items;  // In the order of the statements; of writes all empty.
  std::vector<CapacityReport> consumed;
  std::vector<partiql::StatementRef> statements;  // Keep names of columns and of tables.
};

Task<Result<ExecuteTransactionResponse>> execute_transaction(Services& services, RequestContext& context,
                                                             const ExecuteTransactionRequest& request);
void encode(const ExecuteTransactionResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
