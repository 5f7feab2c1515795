#include "partiql/select_plan.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "expression/key_tests.h"
#include "partiql/conjuncts.h"
#include "table/index_reads.h"

namespace armature::partiql {

using expression::Comparison;
using expression::Condition;
using expression::KeyTest;
using expression::Operand;
using expression::SortOperator;

namespace {

using Values = std::vector<Value>;

// --- The partition key ---

Result<void> check_count(std::size_t values) {
  if (values <= kMaxPartitionValues) return {};
  return invalid("IN takes at most " + std::to_string(kMaxPartitionValues) +
                 " partition key values; number of values: " + std::to_string(values));
}

}  // namespace

std::optional<std::vector<std::vector<Value>>> partition_values(const KeySchema& schema, const Condition* where) {
  if (where == nullptr) return std::nullopt;
  if (schema.partition.size() == 1) {
    const std::optional<Values> values = possible_values(*where, schema.partition.front().name);
    if (!values) return std::nullopt;
    std::vector<Values> collections;
    for (const Value& value : *values) collections.push_back({value});
    return collections;
  }
  Values collection;
  for (const KeyAttribute& attribute : schema.partition) {
    const std::optional<Values> values = possible_values(*where, attribute.name);
    if (!values || values->size() != 1) return std::nullopt;
    collection.push_back(values->front());
  }
  return std::vector<Values>{collection};
}

namespace {

// --- The sort key ---

// What the conjuncts say of one sort key attribute, as far as a key condition can say it. The filter says the rest.
std::optional<KeyTest> sort_test(const std::vector<const Condition*>& conjuncts, std::string_view attribute) {
  std::optional<Value> low;
  std::optional<Value> high;
  std::optional<KeyTest> one_sided;
  for (const Condition* conjunct : conjuncts) {
    const std::span<const Operand> operands = conjunct->operands;
    const bool tests_attribute = !operands.empty() && is_attribute(operands[0], attribute);
    const auto is_value = [&](std::size_t i) { return operands[i].kind == Operand::Kind::kValue; };
    if (conjunct->kind == Condition::Kind::kBetween && tests_attribute && is_value(1) && is_value(2)) {
      return KeyTest{attribute, SortOperator::kBetween, operands[1].value, operands[2].value};
    }
    if (conjunct->kind == Condition::Kind::kBeginsWith && tests_attribute && is_value(1)) {
      one_sided = KeyTest{attribute, SortOperator::kBeginsWith, operands[1].value, {}};
    }
    const std::optional<AttributeComparison> compared = comparison_with_value(*conjunct, attribute);
    if (!compared) continue;
    switch (compared->comparison) {
      case Comparison::kEqual: return KeyTest{attribute, SortOperator::kEqual, compared->value, {}};
      case Comparison::kNotEqual: break;
      case Comparison::kLess:
        high = compared->value;
        one_sided = KeyTest{attribute, SortOperator::kLess, compared->value, {}};
        break;
      case Comparison::kLessOrEqual:
        high = compared->value;
        one_sided = KeyTest{attribute, SortOperator::kLessOrEqual, compared->value, {}};
        break;
      case Comparison::kGreater:
        low = compared->value;
        one_sided = KeyTest{attribute, SortOperator::kGreater, compared->value, {}};
        break;
      case Comparison::kGreaterOrEqual:
        low = compared->value;
        one_sided = KeyTest{attribute, SortOperator::kGreaterOrEqual, compared->value, {}};
        break;
    }
  }
  if (low && high) return KeyTest{attribute, SortOperator::kBetween, *low, *high};
  return one_sided;
}

// Tests on the leading sort key attributes: equalities, then at most one other.
std::vector<KeyTest> sort_tests(const KeySchema& schema, const Condition* where) {
  const std::vector<const Condition*> conjuncts = conjuncts_of(where);
  std::vector<KeyTest> tests;
  for (const KeyAttribute& attribute : schema.sort) {
    const std::optional<KeyTest> test = sort_test(conjuncts, attribute.name);
    if (!test) break;
    tests.push_back(*test);
    if (test->test != SortOperator::kEqual) break;
  }
  return tests;
}

Result<void> plan_collections(const KeySchema& schema, const std::vector<Values>& partitions, const Condition* where,
                              Arena* arena, SelectPlan* plan) {
  plan->access = SelectPlan::Access::kCollections;
  const std::vector<KeyTest> sort = sort_tests(schema, where);
  for (const Values& partition : partitions) {
    std::vector<KeyTest> tests;
    for (std::size_t i = 0; i < partition.size(); ++i) {
      tests.push_back({schema.partition[i].name, SortOperator::kEqual, partition[i], {}});
    }
    tests.insert(tests.end(), sort.begin(), sort.end());
    TRY_ASSIGN(const expression::KeyCondition condition, expression::reduce_key_tests(tests, schema, arena));
    plan->collections.push_back(condition);
  }
  return {};
}

// --- Whole keys ---

// The items of a table whose keys the WHERE spells out; nullopt: it does not.
std::optional<std::vector<std::vector<Attribute>>> whole_keys(const KeySchema& schema,
                                                              const std::vector<Values>& partitions,
                                                              const Condition& where) {
  const std::string_view partition_name = schema.partition.front().name;
  std::vector<std::vector<Attribute>> keys;
  if (!schema.has_sort_key()) {
    for (const Values& partition : partitions) keys.push_back({{partition_name, partition.front()}});
    return keys;
  }
  const std::string_view sort_name = schema.sort.front().name;
  const std::optional<Values> sorts = possible_values(where, sort_name);
  constexpr std::size_t kMostKeys = 100;
  if (!sorts || partitions.size() * sorts->size() > kMostKeys) return std::nullopt;
  for (const Values& partition : partitions) {
    for (const Value& sort : *sorts) keys.push_back({{partition_name, partition.front()}, {sort_name, sort}});
  }
  return keys;
}

// --- ORDER BY ---

Result<void> check_order(const KeySchema& schema, std::span<const OrderTerm> order) {
  for (const OrderTerm& term : order) {
    if (schema.find(term.attribute) != nullptr) continue;
    return invalid("Variable reference " + std::string(term.attribute) +
                   " in ORDER BY clause must be part of the primary key");
  }
  return {};
}

// Negative: `a` comes first. Keys have values of the schema's types.
int compare_keys(const ItemKey& a, const ItemKey& b, std::span<const OrderTerm> order) {
  for (const OrderTerm& term : order) {
    const int compared =
        compare_ordered(*find_attribute(a.attributes, term.attribute), *find_attribute(b.attributes, term.attribute));
    if (compared != 0) return term.ascending ? compared : -compared;
  }
  return 0;
}

void order_keys(std::span<const OrderTerm> order, std::vector<ItemKey>* keys) {
  std::stable_sort(keys->begin(), keys->end(),
                   [&](const ItemKey& a, const ItemKey& b) { return compare_keys(a, b, order) < 0; });
}

void order_collections(const KeySchema& schema, std::span<const OrderTerm> order, SelectPlan* plan) {
  const auto is_sort = [&](const OrderTerm& term) {
    return schema.has_sort_key() && schema.sort.front().name == term.attribute;
  };
  const auto sort_term = std::find_if(order.begin(), order.end(), is_sort);
  if (sort_term != order.end()) plan->forward = sort_term->ascending;
  if (plan->collections.size() < 2) return;
  if (sort_term == order.begin()) {
    plan->merged = true;
    return;
  }
  const bool ascending = order.front().ascending;
  std::stable_sort(plan->collections.begin(), plan->collections.end(),
                   [&](const expression::KeyCondition& a, const expression::KeyCondition& b) {
                     const int compared = compare_ordered(a.partition.front(), b.partition.front());
                     return ascending ? compared < 0 : compared > 0;
                   });
}

Result<void> apply_order(const KeySchema& schema, std::span<const OrderTerm> order, SelectPlan* plan) {
  if (order.empty()) return {};
  TRY(check_order(schema, order));
  switch (plan->access) {
    case SelectPlan::Access::kKeys: order_keys(order, &plan->keys); return {};
    case SelectPlan::Access::kCollections: order_collections(schema, order, plan); return {};
    case SelectPlan::Access::kScan: break;
  }
  return invalid("Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.");
}

// --- Indexes ---

Result<void> plan_index(const TableDefinition& table, const IndexDefinition& index, bool consistent, SelectPlan* plan) {
  if (index.global && consistent) {
    return invalid("Strongly consistent read is not supported on Global Secondary Indexes");
  }
  UnprojectedAttributes unprojected(table, index);
  for (const Column& column : plan->columns) unprojected.add(column.path.top_level_name());
  if (plan->filter != nullptr) unprojected.add(*plan->filter);
  if (index.global) return unprojected.check_none();
  plan->fetch_from_table = !unprojected.empty();
  return {};
}

}  // namespace

Result<SelectPlan> plan_select(const TableDefinition& table, const IndexDefinition* index,
                               const BoundStatement& statement, bool consistent, Arena* arena) {
  SelectPlan plan;
  plan.index = index;
  plan.filter = statement.where;
  plan.columns = statement.statement().columns;
  const KeySchema& schema = index != nullptr ? index->key : table.key;
  if (const auto partitions = partition_values(schema, statement.where)) {
    TRY(check_count(partitions->size()));
    const auto keys = index == nullptr ? whole_keys(schema, *partitions, *statement.where) : std::nullopt;
    if (keys) {
      plan.access = SelectPlan::Access::kKeys;
      for (const std::vector<Attribute>& key : *keys) {
        TRY_ASSIGN(ItemKey bound, bind_key(table, key, arena));
        plan.keys.push_back(std::move(bound));
      }
    } else {
      TRY(plan_collections(schema, *partitions, statement.where, arena, &plan));
    }
  }
  TRY(apply_order(schema, statement.statement().order, &plan));
  if (index != nullptr) TRY(plan_index(table, *index, consistent, &plan));
  return plan;
}

std::span<const Attribute> project(std::span<const Column> columns, const ItemView& item, Arena* arena) {
  auto* const attributes = arena->allocate_array<Attribute>(columns.size());
  std::size_t count = 0;
  for (const Column& column : columns) {
    const std::optional<EncodedValue> found = resolve(item, column.path);
    if (!found) continue;
    const auto same_name = std::find_if(attributes, attributes + count,
                                        [&](const Attribute& attribute) { return attribute.name == column.name; });
    if (same_name == attributes + count) ++count;
    *same_name = {column.name, found->decode(arena)};
  }
  return {attributes, count};
}

}  // namespace armature::partiql
