// INSERT, UPDATE, DELETE and EXISTS against their table: the intents the JSON operations build. Pure; safe from any
// thread. Source: Developer Guide, "PartiQL insert/update/delete statements for DynamoDB".
#pragma once

#include "base/arena.h"
#include "catalog/table_definition.h"
#include "expression/condition.h"
#include "model/error.h"
#include "partiql/bind.h"
#include "table/item_store.h"

namespace armature::partiql {

// A WHERE that names one item, and what else it asks of it.
struct ItemWhere {
  ItemKey key;
  const expression::Condition* rest = nullptr;  // nullptr: nothing.
};
// `where` may be nullptr. "Where clause does not contain a mandatory equality on all key attributes"; "The provided key
// element does not match the schema".
Result<ItemWhere> bind_item_where(const TableDefinition& table, const expression::Condition* where, Arena* arena);
// Whether the WHERE names one item.
bool names_one_item(const TableDefinition& table, const expression::Condition* where);

// An INSERT never replaces: kDuplicateItem.
Result<PutIntent> plan_insert(const TableDefinition& table, const BoundStatement& statement, Arena* arena);
// An UPDATE never creates: kConditionalCheckFailed.
Result<UpdateIntent> plan_update(const TableDefinition& table, const BoundStatement& statement, Arena* arena);
Result<DeleteIntent> plan_delete(const TableDefinition& table, const BoundStatement& statement, Arena* arena);

struct ExistsPlan {
  ItemKey key;
  WriteGuard guard;  // There is an item, and it satisfies the rest of the WHERE.
};
Result<ExistsPlan> plan_exists(const TableDefinition& table, const BoundStatement& statement, Arena* arena);

}  // namespace armature::partiql
