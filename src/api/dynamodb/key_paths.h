// Keys are scalars, so no path of an expression may lead into one.
// Source: API Reference, "KeySchemaElement"; Developer Guide, "Core components of Amazon DynamoDB", "Primary key".
#pragma once

#include "catalog/table_definition.h"
#include "expression/condition.h"
#include "expression/projection.h"
#include "expression/update.h"
#include "model/error.h"

namespace armature::api {

// Refuses paths into key attributes of the table and of its indexes: "Key attributes must be scalars; list random
// access '[]' and map lookup '.' are not allowed: Key: p", or "IndexKey: k". `expression` is a condition, a projection
// or an update program; nullptr: there is none.
template <class Expression>
Result<void> check_key_paths(const TableDefinition& table, const Expression* expression) {
  if (expression == nullptr) return {};
  TRY(expression::check_keys_are_scalars(*expression, table.key, expression::KeyKind::kTable));
  for (const auto* indexes : {&table.local_indexes, &table.global_indexes}) {
    for (const IndexDefinition& index : *indexes) {
      TRY(expression::check_keys_are_scalars(*expression, index.key, expression::KeyKind::kIndex));
    }
  }
  return {};
}

}  // namespace armature::api
