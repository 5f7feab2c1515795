#include "partiql/write_plan.h"

#include <utility>
#include <vector>

#include "expression/ast.h"
#include "partiql/conjuncts.h"

namespace armature::partiql {

using expression::Condition;

namespace {

// Takes the equality on `attribute` out of the conjuncts; nullptr: there is none.
const Value* take_equality(const KeyAttribute& attribute, std::vector<const Condition*>* conjuncts) {
  for (auto conjunct = conjuncts->begin(); conjunct != conjuncts->end(); ++conjunct) {
    const Value* const value = equal_value(**conjunct, attribute.name);
    if (value == nullptr) continue;
    conjuncts->erase(conjunct);
    return value;
  }
  return nullptr;
}

const Condition* joined(std::span<const Condition* const> conjuncts, Arena* arena) {
  if (conjuncts.empty()) return nullptr;
  return conjuncts.size() == 1 ? conjuncts.front() : expression::make_and(conjuncts, arena);
}

// Every item has its partition key.
const Condition* item_exists(const TableDefinition& table, const Condition* rest, Arena* arena) {
  const expression::Operand key =
      expression::path_operand(expression::make_top_level_path(arena->copy(table.key.partition.front().name), arena));
  const Condition* const exists = expression::make_test(Condition::Kind::kAttributeExists, {key}, arena);
  if (rest == nullptr) return exists;
  const Condition* const both[] = {exists, rest};
  return expression::make_and(both, arena);
}

}  // namespace

bool names_one_item(const TableDefinition& table, const Condition* where) {
  std::vector<const Condition*> conjuncts = conjuncts_of(where);
  for (const auto* side : {&table.key.partition, &table.key.sort}) {
    for (const KeyAttribute& attribute : *side) {
      if (take_equality(attribute, &conjuncts) == nullptr) return false;
    }
  }
  return true;
}

Result<ItemWhere> bind_item_where(const TableDefinition& table, const Condition* where, Arena* arena) {
  std::vector<const Condition*> conjuncts = conjuncts_of(where);
  std::vector<Attribute> key;
  for (const auto* side : {&table.key.partition, &table.key.sort}) {
    for (const KeyAttribute& attribute : *side) {
      const Value* const value = take_equality(attribute, &conjuncts);
      if (value == nullptr) {
        return invalid("Where clause does not contain a mandatory equality on all key attributes");
      }
      key.push_back({attribute.name, *value});
    }
  }
  ItemWhere bound;
  TRY_ASSIGN(bound.key, bind_key(table, key, arena));
  bound.rest = joined(conjuncts, arena);
  return bound;
}

Result<PutIntent> plan_insert(const TableDefinition& table, const BoundStatement& statement, Arena* arena) {
  PutIntent put{.key = {}, .item = statement.item, .guard = {.insert = true}};
  TRY_ASSIGN(put.key, bind_item_key(table, statement.item, arena));
  TRY(check_index_keys(table, statement.item));
  return put;
}

Result<UpdateIntent> plan_update(const TableDefinition& table, const BoundStatement& statement, Arena* arena) {
  TRY_ASSIGN(ItemWhere where, bind_item_where(table, statement.where, arena));
  TRY(expression::check_no_key_update(*statement.program, table.key));
  UpdateIntent update{.key = std::move(where.key),
                      .program = statement.program,
                      .guard = {.condition = item_exists(table, where.rest, arena)},
                      .measure_actions = false};
  return update;
}

Result<DeleteIntent> plan_delete(const TableDefinition& table, const BoundStatement& statement, Arena* arena) {
  TRY_ASSIGN(ItemWhere where, bind_item_where(table, statement.where, arena));
  DeleteIntent remove{.key = std::move(where.key), .guard = {.condition = where.rest}};
  return remove;
}

Result<ExistsPlan> plan_exists(const TableDefinition& table, const BoundStatement& statement, Arena* arena) {
  TRY_ASSIGN(ItemWhere where, bind_item_where(table, statement.where, arena));
  ExistsPlan plan{.key = std::move(where.key), .guard = {.condition = item_exists(table, where.rest, arena)}};
  return plan;
}

}  // namespace armature::partiql
