#include "api/dynamodb/statements.h"

#include <utility>

#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/key_paths.h"
#include "expression/update.h"
#include "partiql/conjuncts.h"
#include "partiql/parse_cache.h"

namespace armature::api {

using partiql::BoundStatement;
using partiql::Returning;
using partiql::Statement;

Result<BoundStatement> bind_statement(std::string_view text, const std::optional<std::span<const Value>>& parameters,
                                      Arena* arena) {
  TRY_ASSIGN(partiql::StatementRef parsed, partiql::parse_cached(text));
  return partiql::bind(std::move(parsed), parameters.value_or(std::span<const Value>()), arena);
}

namespace {

std::string_view policy_action(Statement::Kind kind) {
  switch (kind) {
    case Statement::Kind::kSelect:
    case Statement::Kind::kExists: return "dynamodb:PartiQLSelect";
    case Statement::Kind::kInsert: return "dynamodb:PartiQLInsert";
    case Statement::Kind::kUpdate: return "dynamodb:PartiQLUpdate";
    case Statement::Kind::kDelete: return "dynamodb:PartiQLDelete";
  }
  return {};
}

bool selects(Statement::Kind kind) { return kind == Statement::Kind::kSelect || kind == Statement::Kind::kExists; }

// The key of what a statement is about; nullptr: there is no such table or index.
const KeySchema* schema_of(const partiql::Source& source, const TableDefinition* table) {
  if (table == nullptr) return nullptr;
  if (!source.index) return &table->key;
  const IndexDefinition* const index = table->find_index(*source.index);
  return index != nullptr ? &index->key : nullptr;
}

// Every partition key value a statement with this WHERE could read or change, however it is carried out: writes take
// the first equality for the key, a SELECT what leaves the fewest values.
void add_partition_facts(const BoundStatement& statement, const KeySchema* schema, AccessFacts* known) {
  ItemFacts facts(known, schema);
  const auto collections = schema != nullptr ? partiql::partition_values(*schema, statement.where) : std::nullopt;
  if (selects(statement.kind())) known->add("dynamodb:FullTableScan", collections ? "false" : "true");
  if (!collections) {
    facts.any_partition();
    return;
  }
  for (const std::vector<Value>& collection : *collections) facts.partition(collection);
  for (const expression::Condition* conjunct : partiql::conjuncts_of(statement.where)) {
    for (std::size_t i = 0; i < schema->partition.size(); ++i) {
      const Value* const value = partiql::equal_value(*conjunct, schema->partition[i].name);
      if (value != nullptr) facts.partition_value(i, *value);
    }
  }
}

std::optional<ReturnValues> returned_values(const Statement& statement, const StatementAccess& access) {
  const bool fails_with_item = access.return_values_on_failure == ReturnValuesOnFailure::kAllOld;
  switch (statement.returning) {
    case Returning::kAllOld: return ReturnValues::kAllOld;
    case Returning::kAllNew: return ReturnValues::kAllNew;
    case Returning::kModifiedOld: return fails_with_item ? ReturnValues::kAllOld : ReturnValues::kUpdatedOld;
    case Returning::kModifiedNew: return fails_with_item ? ReturnValues::kAllOld : ReturnValues::kUpdatedNew;
    case Returning::kNothing: break;
  }
  return fails_with_item ? ReturnValues::kAllOld : ReturnValues::kNone;
}

void add_facts(const BoundStatement& statement, const StatementAccess& access, AccessFacts* known) {
  const Statement& parsed = statement.statement();
  const KeySchema* const schema = schema_of(parsed.source, known->table());
  ItemFacts facts(known, schema);
  facts.attributes(statement.where).attributes(statement.program);
  for (const partiql::Column& column : parsed.columns) facts.attribute(column.path.top_level_name());
  for (const partiql::OrderTerm& term : parsed.order) facts.attribute(term.attribute);
  if (parsed.kind == Statement::Kind::kInsert) {
    facts.item(statement.item);
  } else {
    add_partition_facts(statement, schema, known);
  }
  if (selects(parsed.kind)) facts.select(std::nullopt, !parsed.columns.empty(), parsed.source.index.has_value());
  if (!parsed.is_read()) facts.return_values(returned_values(parsed, access));
  if (!access.enclosing_operation.empty()) facts.enclosing_operation(access.enclosing_operation);
}

}  // namespace

Result<ReadTarget> statement_target(const Services& services, const RequestContext& context,
                                    const BoundStatement& statement, const StatementAccess& access) {
  const partiql::Source& source = statement.statement().source;
  const auto facts = [&](AccessFacts* known) { add_facts(statement, access, known); };
  return read_target(services, context, policy_action(statement.kind()), source.table, source.index, facts);
}

Result<partiql::SelectPlan> plan_select(const ReadTarget& target, const BoundStatement& statement, bool consistent,
                                        Arena* arena) {
  TRY(check_key_paths(*target.table, statement.where));
  std::vector<DocumentPath> paths;
  for (const partiql::Column& column : statement.statement().columns) paths.push_back(column.path);
  const expression::Projection columns{.paths = paths};
  TRY(check_key_paths(*target.table, &columns));
  return partiql::plan_select(*target.table, target.index, statement, consistent, arena);
}

Result<StatementWrite> plan_write(const TableDefinition& table, const BoundStatement& statement, Arena* arena) {
  if (statement.kind() == Statement::Kind::kInsert) {
    TRY_ASSIGN(PutIntent put, partiql::plan_insert(table, statement, arena));
    return StatementWrite(std::move(put));
  }
  if (statement.kind() == Statement::Kind::kUpdate) {
    TRY_ASSIGN(UpdateIntent update, partiql::plan_update(table, statement, arena));
    TRY(check_key_paths(table, statement.program));
    TRY(check_key_paths(table, statement.where));
    return StatementWrite(std::move(update));
  }
  TRY_ASSIGN(DeleteIntent remove, partiql::plan_delete(table, statement, arena));
  TRY(check_key_paths(table, statement.where));
  return StatementWrite(std::move(remove));
}

WriteGuard* guard_of(StatementWrite* write) {
  return std::visit([](auto& intent) { return &intent.guard; }, *write);
}

const ItemKey& key_of(const StatementWrite& write) {
  return std::visit([](const auto& intent) -> const ItemKey& { return intent.key; }, write);
}

Task<Result<WriteOutcome>> run_write(Services& services, const TableDefinition& table, const StatementWrite& write,
                                     Arena* arena) {
  struct Run {
    ItemStore& items;
    const TableDefinition& table;
    Arena* arena;

    Task<Result<WriteOutcome>> operator()(const PutIntent& put) const { return items.put(table, put, arena); }
    Task<Result<WriteOutcome>> operator()(const UpdateIntent& update) const {
      return items.update(table, update, arena);
    }
    Task<Result<WriteOutcome>> operator()(const DeleteIntent& remove) const {
      return items.remove(table, remove, arena);
    }
  };
  return std::visit(Run{services.items, table, arena}, write);
}

namespace {

// The touched parts of an item before or after.
ReturnedItem modified(const BoundStatement& statement, const std::optional<Bytes>& encoded, Arena* arena) {
  if (!encoded) return {};
  const std::span<const Attribute> item = ItemView(arena->copy(*encoded)).decode(arena);
  const std::span<const Attribute> parts = expression::project_touched(*statement.program, item, arena);
  if (parts.empty()) return {};
  return {.encoded = {}, .projected = parts};
}

}  // namespace

ReturnedItem returned_item(const BoundStatement& statement, WriteOutcome* written, Arena* arena) {
  switch (statement.statement().returning) {
    case Returning::kNothing: return {};
    case Returning::kAllOld: return {.encoded = std::move(written->before), .projected = {}};
    case Returning::kAllNew: return {.encoded = std::move(written->after), .projected = {}};
    case Returning::kModifiedOld: return modified(statement, written->before, arena);
    case Returning::kModifiedNew: return modified(statement, written->after, arena);
  }
  return {};
}

ReturnedItem selected_item(const BoundStatement& statement, const partiql::ItemWhere& where,
                           std::optional<Bytes> encoded, Arena* arena) {
  if (!encoded) return {};
  const ItemView item(arena->copy(*encoded));
  if (where.rest != nullptr && !expression::evaluate(*where.rest, &item, arena)) return {};
  if (statement.statement().columns.empty()) return {.encoded = std::move(encoded), .projected = {}};
  return {.encoded = {}, .projected = partiql::project(statement.statement().columns, item, arena)};
}

}  // namespace armature::api
