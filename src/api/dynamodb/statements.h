// What the three PartiQL operations share: one statement, from its text to the intent it means and to what it answers.
// The language itself is in partiql/. Source: API Reference, "ExecuteStatement", "BatchExecuteStatement",
// "ExecuteTransaction".
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "api/context.h"
#include "api/dynamodb/parameters.h"
#include "api/dynamodb/projection.h"
#include "api/dynamodb/table_access.h"
#include "api/services.h"
#include "api/shape.h"
#include "base/task.h"
#include "partiql/bind.h"
#include "partiql/select_plan.h"
#include "partiql/write_plan.h"

namespace armature::api {

inline constexpr Constraint kStatement{.required = true, .minimum = 1, .maximum = 8192};
inline constexpr Constraint kStatementParameters{.minimum = 1};

// Every check that needs no table.
Result<partiql::BoundStatement> bind_statement(std::string_view text,
                                               const std::optional<std::span<const Value>>& parameters, Arena* arena);

// What policies may ask about a statement besides what it says itself.
struct StatementAccess {
  std::string_view enclosing_operation = {};  // "ExecuteTransaction"; empty: the statement stands for itself.
  std::optional<ReturnValuesOnFailure> return_values_on_failure = {};
};

// The table of a statement, and the index it reads; permission is asked here. Source: Service Authorization Reference,
// "Actions, resources, and condition keys for Amazon DynamoDB" (PartiQLSelect, …).
Result<ReadTarget> statement_target(const Services& services, const RequestContext& context,
                                    const partiql::BoundStatement& statement, const StatementAccess& access);

Result<partiql::SelectPlan> plan_select(const ReadTarget& target, const partiql::BoundStatement& statement,
                                        bool consistent, Arena* arena);

// INSERT, UPDATE and DELETE.
using StatementWrite = std::variant<PutIntent, UpdateIntent, DeleteIntent>;
Result<StatementWrite> plan_write(const TableDefinition& table, const partiql::BoundStatement& statement, Arena* arena);

WriteGuard* guard_of(StatementWrite* write);
const ItemKey& key_of(const StatementWrite& write);
// Intent and table outlive the task.
Task<Result<WriteOutcome>> run_write(Services& services, const TableDefinition& table, const StatementWrite& write,
                                     Arena* arena);

// What RETURNING asks for; neither bytes nor attributes: nothing to show.
ReturnedItem returned_item(const partiql::BoundStatement& statement, WriteOutcome* written, Arena* arena);

// What a SELECT of one item by its whole key returns of it: nothing when it does not satisfy the rest of the WHERE.
ReturnedItem selected_item(const partiql::BoundStatement& statement, const partiql::ItemWhere& where,
                           std::optional<Bytes> encoded, Arena* arena);

}  // namespace armature::api
