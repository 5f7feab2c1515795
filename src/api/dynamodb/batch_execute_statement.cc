#include "api/dynamodb/batch_execute_statement.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "api/dynamodb/batch.h"
#include "base/when_all.h"
#include "model/item.h"
#include "table/change.h"

namespace armature::api {

using partiql::BoundStatement;
using partiql::Statement;

namespace {

// One statement on its way: an error, or one of the two intents.
struct Planned {
  std::optional<Error> error;
  BoundStatement statement;
  TableRef table;
  StatementWrite write;
  partiql::ItemWhere where;  // Of a SELECT.
  GetIntent get;

  bool is_read() const { return statement.statement().is_read(); }
  std::string_view table_name() const {
    return statement.parsed != nullptr ? statement.statement().source.table : std::string_view();
  }
  const ItemKey& key() const { return is_read() ? get.key : key_of(write); }
};

Result<BoundStatement> bind_parameters(const BatchStatementRequest& request, Arena* arena) {
  TRY_ASSIGN(BoundStatement statement, bind_statement(request.statement, request.parameters, arena));
  if (statement.kind() == Statement::Kind::kExists) {
    return invalid("EXISTS can only be used in ExecuteTransaction write requests.");
  }
  return statement;
}

// A SELECT names one item of a table.
Result<void> plan_read(const ReadTarget& target, const BatchStatementRequest& request, Arena* arena, Planned* planned) {
  const BoundStatement& statement = planned->statement;
  if (target.index != nullptr || !partiql::names_one_item(*target.table, statement.where)) {
    return invalid("Select statements within BatchExecuteStatement must specify the primary key in the where clause.");
  }
  TRY(plan_select(target, statement, false, arena));
  TRY_ASSIGN(planned->where, partiql::bind_item_where(*target.table, statement.where, arena));
  planned->get = {.key = planned->where.key, .consistent = request.consistent_read.value_or(false)};
  return {};
}

Result<void> plan_statement(const Services& services, const RequestContext& context,
                            const BatchStatementRequest& request, Planned* planned) {
  const StatementAccess access{.return_values_on_failure = request.return_values_on_failure};
  TRY_ASSIGN(const ReadTarget target, statement_target(services, context, planned->statement, access));
  planned->table = target.table;
  if (planned->is_read()) return plan_read(target, request, context.arena, planned);
  TRY_ASSIGN(planned->write, plan_write(*target.table, planned->statement, context.arena));
  // What a failed condition looked at is what it costs.
  guard_of(&planned->write)->return_item_on_failure = true;
  return {};
}

Result<void> check_one_direction(const std::vector<Planned>& statements) {
  const auto is_known = [](const Planned& one) { return one.statement.parsed != nullptr; };
  const bool any_read = std::any_of(statements.begin(), statements.end(),
                                    [&](const Planned& one) { return is_known(one) && one.is_read(); });
  const bool any_write = std::any_of(statements.begin(), statements.end(),
                                     [&](const Planned& one) { return is_known(one) && !one.is_read(); });
  if (any_read && any_write) {
    return invalid("Read and write requests together in the same batch is not supported.");
  }
  return {};
}

Result<void> check_distinct(const std::vector<Planned>& statements) {
  std::unordered_set<Bytes> seen;
  for (const Planned& one : statements) {
    if (!one.error && !seen.insert(one.table->id + one.key().encoded).second) return Unexpected(duplicate_keys());
  }
  return {};
}

// Statements that all failed before they named a table touch nothing that a permission could be asked for.
void ask_nothing_if_all_failed(const std::vector<Planned>& statements, const RequestContext& context) {
  const bool none =
      std::all_of(statements.begin(), statements.end(), [](const Planned& one) { return one.error.has_value(); });
  if (none) context.authorization_asked = true;
}

// What is wrong with one statement is its own affair; what is wrong with them together refuses the batch.
Result<std::vector<Planned>> plan_statements(const Services& services, const RequestContext& context,
                                             const BatchExecuteStatementRequest& request) {
  std::vector<Planned> statements(request.statements.size());
  for (std::size_t i = 0; i < statements.size(); ++i) {
    Result<BoundStatement> bound = bind_parameters(request.statements[i], context.arena);
    if (bound) {
      statements[i].statement = std::move(*bound);
    } else {
      statements[i].error = std::move(bound).error();
    }
  }
  TRY(check_one_direction(statements));
  ask_nothing_if_all_failed(statements, context);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (statements[i].error) continue;
    Result<void> planned = plan_statement(services, context, request.statements[i], &statements[i]);
    if (!planned) statements[i].error = std::move(planned).error();
  }
  TRY(check_distinct(statements));
  return statements;
}

// What became of one statement.
struct Done {
  std::optional<Error> error;
  ReturnedItem item;
  ConsumedCapacity consumed;
};

Task<Done> read_one(Services& services, RequestContext& context, const Planned& one) {
  Done done;
  Result<ReadOutcome> read = co_await services.items.get(*one.table, one.get);
  if (read) {
    done.consumed = std::move(read->consumed);
    done.item = selected_item(one.statement, one.where, std::move(read->item), context.arena);
  } else {
    done.error = std::move(read).error();
  }
  co_return done;
}

// A write that a condition stopped costs what it looked at.
ConsumedCapacity cost_of_failure(const Error& error) {
  ConsumedCapacity consumed;
  if (error.code != ErrorCode::kConditionalCheckFailed && error.code != ErrorCode::kDuplicateItem) return consumed;
  const auto* found = std::get_if<EncodedItemDetail>(&error.detail);
  consumed.table = item_write_cost(found != nullptr ? ItemView(found->encoded_item).size_bytes() : 0, 0);
  return consumed;
}

Task<Done> write_one(Services& services, RequestContext& context, const Planned& one) {
  Done done;
  Result<WriteOutcome> written = co_await run_write(services, *one.table, one.write, context.arena);
  if (written) {
    done.consumed = std::move(written->consumed);
    done.item = returned_item(one.statement, &*written, context.arena);
  } else {
    done.consumed = cost_of_failure(written.error());
    done.error = std::move(written).error();
  }
  co_return done;
}

Task<Done> refused_one(Error error) {
  Done done;
  done.error = std::move(error);
  co_return done;
}

// All at once: writes then share one sync instead of paying one each.
Task<std::vector<Done>> run(Services& services, RequestContext& context, const std::vector<Planned>& statements) {
  std::vector<Task<Done>> tasks;
  tasks.reserve(statements.size());
  for (const Planned& one : statements) {
    if (one.error) {
      tasks.push_back(refused_one(*one.error));
    } else {
      tasks.push_back(one.is_read() ? read_one(services, context, one) : write_one(services, context, one));
    }
  }
  return when_all(std::move(tasks));
}

// Tables in the order they were first named; one of which nothing succeeded is left out, although it was charged.
class BatchCapacity {
 public:
  void add(const Planned& one, const Done& done) {
    if (one.table == nullptr) return;
    PerTable& table = part_of(one);
    table.any_success = table.any_success || !done.error;
    table.consumed += done.consumed;
  }

  std::vector<CapacityReport> reports(const std::optional<ReturnConsumedCapacity>& wanted) && {
    std::vector<CapacityReport> reports;
    for (PerTable& table : tables_) {
      if (!table.any_success) continue;
      auto report = report_capacity(wanted, table.name, std::move(table.consumed));
      if (report) reports.push_back(std::move(*report));
    }
    return reports;
  }

 private:
  struct PerTable {
    std::string id;
    std::string_view name;
    ConsumedCapacity consumed;
    bool any_success = false;
  };

  PerTable& part_of(const Planned& one) {
    for (PerTable& known : tables_) {
      if (known.id == one.table->id) return known;
    }
    PerTable& added = tables_.emplace_back();
    added.id = one.table->id;
    added.name = one.table_name();
    return added;
  }

  std::vector<PerTable> tables_;
};

}  // namespace

Task<Result<BatchExecuteStatementResponse>> batch_execute_statement(Services& services, RequestContext& context,
                                                                    const BatchExecuteStatementRequest& request) {
  CO_TRY_ASSIGN(const std::vector<Planned> statements, plan_statements(services, context, request));
  std::vector<Done> results = co_await run(services, context, statements);

  BatchExecuteStatementResponse response;
  BatchCapacity capacity;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Planned& one = statements[i];
    capacity.add(one, results[i]);
    if (one.table != nullptr) context.consume(*one.table, results[i].consumed.total());
    BatchExecuteStatementResponse::Entry entry;
    entry.error = std::move(results[i].error);
    entry.table_name = one.table_name();
    entry.item = std::move(results[i].item);
    response.entries.push_back(std::move(entry));
    response.statements.push_back(one.statement.parsed);
  }
  response.consumed = std::move(capacity).reports(request.return_consumed_capacity);
  co_return response;
}

namespace {

// Source: API Reference, "BatchStatementError" (Code).
std::string_view error_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::kConditionalCheckFailed: return "ConditionalCheckFailed";
    case ErrorCode::kItemCollectionSizeLimitExceeded: return "ItemCollectionSizeLimitExceeded";
    case ErrorCode::kRequestLimitExceeded: return "RequestLimitExceeded";
    case ErrorCode::kProvisionedThroughputExceeded: return "ProvisionedThroughputExceeded";
    case ErrorCode::kTransactionConflict: return "TransactionConflict";
    case ErrorCode::kThrottling: return "ThrottlingError";
    case ErrorCode::kResourceNotFound: return "ResourceNotFound";
    case ErrorCode::kAccessDenied: return "AccessDenied";
    case ErrorCode::kDuplicateItem: return "DuplicateItem";
    case ErrorCode::kValidation: return "ValidationError";
    default: return "InternalServerError";
  }
}

void write_error(const Error& error, wire::JsonWriter* writer) {
  const std::string_view code = error_code(error.code);
  writer->key("Error");
  writer->begin_object();
  writer->member("Code", code);
  writer->member("Message", code == "InternalServerError" ? std::string_view("Internal server error") : error.message);
  writer->end_object();
}

}  // namespace

void encode(const BatchExecuteStatementResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  write_capacity_members(response.consumed, writer);
  writer->key("Responses");
  writer->begin_array();
  for (const BatchExecuteStatementResponse::Entry& entry : response.entries) {
    writer->begin_object();
    if (entry.error) write_error(*entry.error, writer);
    if (!entry.table_name.empty()) writer->member("TableName", entry.table_name);
    write_item_member("Item", entry.item, writer);
    writer->end_object();
  }
  writer->end_array();
  writer->end_object();
}

}  // namespace armature::api
