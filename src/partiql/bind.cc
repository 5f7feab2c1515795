#include "partiql/bind.h"

#include <utility>

#include "model/item.h"
#include "partiql/condition_binder.h"
#include "partiql/update_binder.h"
#include "partiql/value_binder.h"

namespace armature::partiql {
Result<BoundStatement> bind(StatementRef parsed, std::span<const Value> parameters, Arena* arena) {
  const Statement& statement = parsed->statement();
  if (statement.parameters != parameters.size()) {
    return invalid("Number of parameters in request and statement don't match.");
  }
  const bool writes = statement.kind == Statement::Kind::kInsert || statement.kind == Statement::Kind::kUpdate ||
                      statement.kind == Statement::Kind::kDelete;
  if (writes && statement.source.index) return invalid("This operation is not supported on an index");

  BoundStatement bound{.parsed = std::move(parsed), .where = nullptr, .item = {}, .program = nullptr};
  ValueBinder values(parameters, arena);
  if (statement.item != nullptr) {
    TRY_ASSIGN(bound.item, values.bind_item(*statement.item));
    if (item_size_bytes(bound.item) > kMaxItemSizeBytes) {
      return invalid("Item size has exceeded the maximum allowed size");
    }
  }
  if (statement.kind == Statement::Kind::kUpdate) {
    TRY_ASSIGN(bound.program, UpdateBinder(&values, arena).bind(statement.assignments));
  }
  if (statement.where != nullptr) {
    TRY_ASSIGN(bound.where, ConditionBinder(&values, arena).bind(*statement.where));
  }
  return bound;
}

}  // namespace armature::partiql
