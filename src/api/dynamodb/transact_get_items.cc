#include "api/dynamodb/transact_get_items.h"

#include "api/dynamodb/item_checks.h"
#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/key_paths.h"
#include "api/dynamodb/table_access.h"
#include "txn/cancellation.h"
#include "txn/transaction_store.h"

namespace armature::api {

Result<void> check_before_values(const TransactGetItemsRequest& request) {
  for (const TransactGetItem& entry : request.transact_items) {
    const bool projected = entry.get.projection_expression.has_value();
    TRY(check_expression_parameters({{"ProjectionExpression", projected}}, {}, entry.get));
  }
  return {};
}

namespace {

struct Plan {
  std::vector<TableRef> tables;  // One for each get; keeps what the gets point to.
  std::vector<const expression::Projection*> projections;
  std::vector<TransactGet> gets;
};

// Every check that needs no table.
Result<const expression::Projection*> bind_parameters(const TransactGetEntry& get, Arena* arena) {
  TRY(check_attributes(get.key));
  expression::Placeholders placeholders = placeholders_of(get);
  TRY_ASSIGN(const expression::Projection* projection, bind_projection(get, &placeholders, arena));
  TRY(placeholders.check_all_used());
  return projection;
}

// The checks of one entry against its table. What is wrong here cancels the transaction.
Result<TransactGet> bind_to_table(const TransactGetEntry& entry, const TableDefinition& table,
                                  const expression::Projection* projection, Arena* arena) {
  TransactGet get{.table = &table, .key = {}};
  TRY_ASSIGN(get.key, bind_key(table, entry.key, arena));
  TRY(check_key_paths(table, projection));
  return get;
}

// First what refuses the request, over all entries; then the first error in one of them, which cancels it.
Result<Plan> make_plan(const Services& services, const RequestContext& context,
                       const TransactGetItemsRequest& request) {
  Plan plan;
  for (const TransactGetItem& entry : request.transact_items) {
    TRY_ASSIGN(const expression::Projection* projection, bind_parameters(entry.get, context.arena));
    plan.projections.push_back(projection);
  }
  for (std::size_t i = 0; i < request.transact_items.size(); ++i) {
    const TransactGetEntry& get = request.transact_items[i].get;
    const auto facts = [&](AccessFacts* facts) {
      ItemFacts(facts)
          .item(get.key)
          .attributes(plan.projections[i])
          .select(std::nullopt, plan.projections[i] != nullptr, /*of_index=*/false)
          .return_consumed_capacity(request.return_consumed_capacity)
          .enclosing_operation("TransactGetItems");
    };
    TRY_ASSIGN(TableRef table, data_table(services, context, "dynamodb:GetItem", get.table_name, facts));
    plan.tables.push_back(std::move(table));
  }

  DistinctItems distinct;
  std::optional<Error> cancelled;
  for (std::size_t i = 0; i < request.transact_items.size(); ++i) {
    Result<TransactGet> get =
        bind_to_table(request.transact_items[i].get, *plan.tables[i], plan.projections[i], context.arena);
    if (!get) {
      if (refuses_request(get.error())) return Unexpected(std::move(get).error());
      if (!cancelled) {
        cancelled = transaction_cancelled_by(i, request.transact_items.size(), std::move(get).error());
      }
      continue;
    }
    TRY(distinct.add(*get->table, get->key.encoded));
    plan.gets.push_back(std::move(*get));
  }
  if (cancelled) return Unexpected(std::move(*cancelled));
  return plan;
}

// An item of which the projection leaves nothing is answered like one that does not exist.
// Unlike GetItem, which answers an empty item.
ReturnedItem returned_item(std::optional<Bytes> encoded, const expression::Projection* projection, Arena* arena) {
  ReturnedItem item = project_item(std::move(encoded), projection, arena);
  if (item.projected && item.projected->empty()) item.projected.reset();
  return item;
}

}  // namespace

Task<Result<TransactGetItemsResponse>> transact_get_items(Services& services, RequestContext& context,
                                                          const TransactGetItemsRequest& request) {
  CO_TRY_ASSIGN(const Plan plan, make_plan(services, context, request));
  CO_TRY_ASSIGN(std::vector<ReadOutcome> outcomes, co_await services.transactions.get(plan.gets));

  TransactGetItemsResponse response;
  TransactCapacity capacity;
  std::size_t total_bytes = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    ReadOutcome& read = outcomes[i];
    context.consume(*plan.gets[i].table, read.consumed.total());
    capacity.add(*plan.gets[i].table, request.transact_items[i].get.table_name, read.consumed);
    if (read.item) total_bytes += ItemView(*read.item).size_bytes();
    response.items.push_back(returned_item(std::move(read.item), plan.projections[i], context.arena));
  }
  CO_TRY(check_payload_size(total_bytes));
  response.consumed = std::move(capacity).reports(request.return_consumed_capacity);
  co_return response;
}

void encode(const TransactGetItemsResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  write_capacity_members(response.consumed, writer, CapacityDetail::kReadAndWrite);
  write_item_responses(response.items, writer);
  writer->end_object();
}

}  // namespace armature::api
