#include "api/dynamodb/execute_transaction.h"

#include <algorithm>
#include <utility>

#include "api/dynamodb/key_paths.h"
#include "auth/sigv4/digest.h"
#include "model/item.h"
#include "partiql/next_token.h"
#include "txn/cancellation.h"
#include "txn/transaction_store.h"

namespace armature::api {

using partiql::BoundStatement;
using partiql::Returning;
using partiql::Statement;

namespace {

// One statement, and its table once it is known.
struct Entry {
  const ParameterizedStatement* request = nullptr;
  BoundStatement statement;
  TableRef table;

  std::string_view table_name() const { return statement.statement().source.table; }
};

// What is wrong with the text of one statement refuses the request.
Result<BoundStatement> bind_parameters(const ParameterizedStatement& request, std::size_t position, Arena* arena) {
  const auto located = [&](Error error) {
    if (error.code == ErrorCode::kValidation) {
      error.message.insert(0, "Validation failed in TransactStatements[" + std::to_string(position) + "]: ");
    }
    return Unexpected(std::move(error));
  };
  Result<BoundStatement> statement = bind_statement(request.statement, request.parameters, arena);
  if (!statement) return located(std::move(statement).error());
  if (statement->statement().returning != Returning::kNothing) {
    return located({ErrorCode::kValidation, "RETURNING clause is not supported in ExecuteTransaction.", {}});
  }
  return statement;
}

std::size_t payload_bytes(const ParameterizedStatement& request) {
  std::size_t bytes = request.statement.size();
  for (const Value& value : request.parameters.value_or(std::span<const Value>())) bytes += value_size_bytes(value);
  return bytes;
}

Result<void> check_one_direction(const std::vector<Entry>& entries) {
  const auto is_read = [](const Entry& entry) { return entry.statement.statement().is_read(); };
  if (std::all_of(entries.begin(), entries.end(), is_read) || std::none_of(entries.begin(), entries.end(), is_read)) {
    return {};
  }
  return invalid("ExecuteTransaction API does not support both read and write operations in the same request.");
}

Result<std::vector<Entry>> bind_statements(const ExecuteTransactionRequest& request, Arena* arena) {
  std::size_t total_bytes = 0;
  std::vector<Entry> entries;
  for (const ParameterizedStatement& one : request.statements) {
    total_bytes += payload_bytes(one);
    TRY_ASSIGN(BoundStatement statement, bind_parameters(one, entries.size(), arena));
    entries.push_back({.request = &one, .statement = std::move(statement), .table = {}});
  }
  TRY(check_one_direction(entries));
  TRY(check_payload_size(total_bytes));
  return entries;
}

Result<void> find_tables(const Services& services, const RequestContext& context, std::vector<Entry>* entries) {
  for (Entry& entry : *entries) {
    const StatementAccess access{.enclosing_operation = "ExecuteTransaction",
                                 .return_values_on_failure = entry.request->return_values_on_failure};
    TRY_ASSIGN(ReadTarget target, statement_target(services, context, entry.statement, access));
    if (target.index != nullptr) return invalid("Reads of an index are not supported in ExecuteTransaction");
    entry.table = std::move(target.table);
  }
  return {};
}

// A SELECT of one item.
struct ItemRead {
  TransactGet get;
  partiql::ItemWhere where;
};

const ItemKey& key_of(const TransactAction& action) { return action.key(); }
const ItemKey& key_of(const ItemRead& read) { return read.get.key; }

// Plans every statement with `plan` (Result<One> of an Entry). First what refuses the request, over all of them; then
// the first error in one of them, which cancels the transaction.
template <class One>
Result<std::vector<One>> plan_all(const std::vector<Entry>& entries, Arena* arena,
                                  Result<One> (*plan)(const Entry& entry, Arena* arena)) {
  std::vector<One> planned;
  DistinctItems distinct;
  std::optional<Error> cancelled;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Result<One> one = plan(entries[i], arena);
    if (one) {
      TRY(distinct.add(*entries[i].table, key_of(*one).encoded));
      planned.push_back(std::move(*one));
      continue;
    }
    if (refuses_request(one.error())) return Unexpected(std::move(one).error());
    if (!cancelled) cancelled = transaction_cancelled_by(i, entries.size(), std::move(one).error());
  }
  if (cancelled) return Unexpected(std::move(*cancelled));
  return planned;
}

Result<TransactAction> plan_action(const Entry& entry, Arena* arena) {
  TransactAction action{.table = entry.table.get(), .intent = {}};
  const bool returns_item = entry.request->return_values_on_failure == ReturnValuesOnFailure::kAllOld;
  if (entry.statement.kind() == Statement::Kind::kExists) {
    TRY(check_key_paths(*entry.table, entry.statement.where));
    TRY_ASSIGN(partiql::ExistsPlan exists, partiql::plan_exists(*entry.table, entry.statement, arena));
    exists.guard.return_item_on_failure = returns_item;
    action.intent = CheckIntent{.key = std::move(exists.key), .guard = exists.guard};
    return action;
  }
  TRY_ASSIGN(StatementWrite write, plan_write(*entry.table, entry.statement, arena));
  guard_of(&write)->return_item_on_failure = returns_item;
  std::visit([&](auto& intent) { action.intent = std::move(intent); }, write);
  return action;
}

Result<ItemRead> plan_read(const Entry& entry, Arena* arena) {
  const ReadTarget target{.table = entry.table, .index = nullptr};
  TRY(plan_select(target, entry.statement, false, arena));
  ItemRead read{.get = {.table = entry.table.get(), .key = {}}, .where = {}};
  TRY_ASSIGN(read.where, partiql::bind_item_where(*entry.table, entry.statement.where, arena));
  read.get.key = read.where.key;
  return read;
}

// What two requests with the same token are compared by.
Bytes fingerprint(const std::vector<Entry>& entries) {
  Bytes digests;
  for (const Entry& entry : entries) {
    digests +=
        partiql::digest_of(entry.request->statement, entry.request->parameters.value_or(std::span<const Value>()));
    digests += entry.request->return_values_on_failure == ReturnValuesOnFailure::kAllOld ? 'a' : 'n';
  }
  return Bytes(auth::sigv4::view_of(auth::sigv4::sha256(digests)));
}

Task<Result<ExecuteTransactionResponse>> run_writes(Services& services, RequestContext& context,
                                                    const ExecuteTransactionRequest& request,
                                                    const std::vector<Entry>& entries) {
  CO_TRY_ASSIGN(const std::vector<TransactAction> actions,
                plan_all<TransactAction>(entries, context.arena, plan_action));
  TransactWriteIntent intent{.actions = actions, .token = {}};
  Bytes digest;
  if (request.client_request_token) {
    digest = fingerprint(entries);
    intent.token = TransactToken{.operation = TransactOperation::kExecuteTransaction,
                                 .region = context.region,
                                 .token = *request.client_request_token,
                                 .fingerprint = digest};
  }
  CO_TRY_ASSIGN(const TransactWriteOutcome outcome, co_await services.transactions.write(intent, context.arena));

  ExecuteTransactionResponse response;
  response.items.resize(entries.size());
  TransactCapacity capacity;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    context.consume(*entries[i].table, outcome.actions[i].consumed.total());
    capacity.add(*entries[i].table, entries[i].table_name(), outcome.actions[i].consumed);
  }
  response.consumed = std::move(capacity).reports(request.return_consumed_capacity);
  co_return response;
}

Task<Result<ExecuteTransactionResponse>> run_reads(Services& services, RequestContext& context,
                                                   const ExecuteTransactionRequest& request,
                                                   const std::vector<Entry>& entries) {
  CO_TRY_ASSIGN(const std::vector<ItemRead> reads, plan_all<ItemRead>(entries, context.arena, plan_read));
  std::vector<TransactGet> gets;
  for (const ItemRead& read : reads) gets.push_back(read.get);
  CO_TRY_ASSIGN(std::vector<ReadOutcome> outcomes, co_await services.transactions.get(gets));

  ExecuteTransactionResponse response;
  TransactCapacity capacity;
  std::size_t total_bytes = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    ReadOutcome& read = outcomes[i];
    context.consume(*entries[i].table, read.consumed.total());
    capacity.add(*entries[i].table, entries[i].table_name(), read.consumed);
    if (read.item) total_bytes += ItemView(*read.item).size_bytes();
    response.items.push_back(selected_item(entries[i].statement, reads[i].where, std::move(read.item), context.arena));
  }
  CO_TRY(check_payload_size(total_bytes));
  response.consumed = std::move(capacity).reports(request.return_consumed_capacity);
  co_return response;
}

}  // namespace

Task<Result<ExecuteTransactionResponse>> execute_transaction(Services& services, RequestContext& context,
                                                             const ExecuteTransactionRequest& request) {
  CO_TRY_ASSIGN(std::vector<Entry> entries, bind_statements(request, context.arena));
  CO_TRY(find_tables(services, context, &entries));
  Result<ExecuteTransactionResponse> response = ExecuteTransactionResponse();
  // No conditional operator around co_await: g++ 12 destroys the operand that was not evaluated.
  if (entries.front().statement.statement().is_read()) {
    response = co_await run_reads(services, context, request, entries);
  } else {
    response = co_await run_writes(services, context, request, entries);
  }
  if (response) {
    for (const Entry& entry : entries) response->statements.push_back(entry.statement.parsed);
  }
  co_return response;
}

void encode(const ExecuteTransactionResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  write_capacity_members(response.consumed, writer, CapacityDetail::kReadAndWrite);
  write_item_responses(response.items, writer);
  writer->end_object();
}

}  // namespace armature::api
