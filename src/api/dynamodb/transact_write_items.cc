#include "api/dynamodb/transact_write_items.h"

#include "api/dynamodb/item_checks.h"
#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/key_paths.h"
#include "api/dynamodb/table_access.h"
#include "api/dynamodb/transact_fingerprint.h"
#include "expression/update.h"
#include "model/item.h"
#include "txn/cancellation.h"
#include "txn/transaction_store.h"

namespace armature::api {

using expression::UpdateProgram;

namespace {

Result<void> check_one_member(const TransactWriteItem& action) {
  const int members =
      action.check.has_value() + action.put.has_value() + action.remove.has_value() + action.update.has_value();
  if (members > 1) return invalid("TransactItems can only contain one of Check, Put, Update or Delete");
  if (members == 0) {
    return invalid("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
  }
  return {};
}

}  // namespace

Result<void> check_before_values(const TransactWriteItemsRequest& request) {
  for (const TransactWriteItem& action : request.transact_items) {
    TRY(check_one_member(action));
    const GuardParameters& guard = action.visit([](const GuardParameters& entry) -> const auto& { return entry; });
    const GivenParameter condition{"ConditionExpression", guard.condition_expression.has_value()};
    if (action.update) {
      TRY(check_expression_parameters({{"UpdateExpression", true}, condition}, {}, guard));
    } else {
      TRY(check_expression_parameters({condition}, {}, guard));
    }
  }
  return {};
}

namespace {

// The item or key an action brings along.
std::span<const Attribute> attributes_of(const TransactPut& put) { return put.item; }
template <class Entry>
std::span<const Attribute> attributes_of(const Entry& entry) {
  return entry.key;
}

std::string_view update_expression_of(const TransactUpdate& update) { return update.update_expression; }
template <class Entry>
std::string_view update_expression_of(const Entry&) {
  return {};
}

std::size_t payload_bytes(const TransactWriteItem& action) {
  return action.visit([](const auto& entry) {
    std::size_t bytes = item_size_bytes(attributes_of(entry)) + update_expression_of(entry).size();
    bytes += entry.condition_expression.value_or(std::string_view()).size();
    if (entry.expression_values) bytes += item_size_bytes(entry.expression_values->attributes);
    return bytes;
  });
}

// One action with the parts of it that need no table.
struct BoundAction {
  const TransactWriteItem* request = nullptr;
  WriteGuard guard;
  const UpdateProgram* program = nullptr;  // Of an update.
};

// Every check that needs no table. The order is visible to clients; all of these refuse the request.
Result<BoundAction> bind_parameters(const TransactWriteItem& request, Arena* arena) {
  BoundAction bound{.request = &request, .guard = {}, .program = nullptr};
  return request.visit([&](const auto& entry) -> Result<BoundAction> {
    TRY(check_attributes(attributes_of(entry)));
    if (request.put) TRY(check_item_size(attributes_of(entry)));
    if (entry.expression_values) TRY(check_attributes(entry.expression_values->attributes));
    expression::Placeholders placeholders = placeholders_of(entry);
    if (request.update) {
      TRY_ASSIGN(bound.program, expression::bind_update(update_expression_of(entry), &placeholders, arena));
    }
    TRY_ASSIGN(bound.guard, bind_guard(entry, &placeholders, arena));
    TRY(placeholders.check_all_used());
    return bound;
  });
}

// There is no action TransactWriteItems in policies. Source: Service Authorization Reference, "Actions, resources, and
// condition keys for Amazon DynamoDB".
std::string_view policy_action(const TransactWriteItem& action) {
  if (action.put) return "dynamodb:PutItem";
  if (action.update) return "dynamodb:UpdateItem";
  if (action.remove) return "dynamodb:DeleteItem";
  return "dynamodb:ConditionCheckItem";
}

// What policies may ask about an action. It returns values only when its condition fails.
void add_facts(const BoundAction& bound, AccessFacts* facts) {
  bound.request->visit([&](const auto& entry) {
    const bool returns = entry.return_values_on_failure == ReturnValuesOnFailure::kAllOld;
    ItemFacts(facts)
        .item(attributes_of(entry))
        .attributes(bound.program)
        .attributes(bound.guard.condition)
        .return_values(returns ? ReturnValues::kAllOld : ReturnValues::kNone)
        .enclosing_operation("TransactWriteItems");
  });
}

// The checks of one action against its table. What is wrong here cancels the transaction.
Result<TransactAction> bind_to_table(const BoundAction& bound, const TableDefinition& table, Arena* arena) {
  const TransactWriteItem& request = *bound.request;
  TransactAction action{.table = &table, .intent = {}};
  if (request.put) {
    PutIntent put{.key = {}, .item = request.put->item, .guard = bound.guard};
    TRY_ASSIGN(put.key, bind_item_key(table, put.item, arena));
    TRY(check_index_keys(table, put.item));
    action.intent = std::move(put);
  } else if (request.update) {
    UpdateIntent update{.key = {}, .program = bound.program, .guard = bound.guard, .measure_actions = false};
    TRY_ASSIGN(update.key, bind_key(table, request.update->key, arena));
    TRY(expression::check_no_key_update(*bound.program, table.key));
    TRY(check_key_paths(table, bound.program));
    action.intent = std::move(update);
  } else if (request.remove) {
    DeleteIntent remove{.key = {}, .guard = bound.guard};
    TRY_ASSIGN(remove.key, bind_key(table, request.remove->key, arena));
    action.intent = std::move(remove);
  } else {
    CheckIntent check{.key = {}, .guard = bound.guard};
    TRY_ASSIGN(check.key, bind_key(table, request.check->key, arena));
    action.intent = std::move(check);
  }
  TRY(check_key_paths(table, bound.guard.condition));
  return action;
}

struct Plan {
  std::vector<TableRef> tables;  // One for each action; keeps what the actions point to.
  std::vector<TransactAction> actions;
};

Result<std::vector<BoundAction>> bind_all_parameters(const TransactWriteItemsRequest& request, Arena* arena) {
  std::size_t total_bytes = 0;
  for (const TransactWriteItem& action : request.transact_items) total_bytes += payload_bytes(action);
  TRY(check_payload_size(total_bytes));
  std::vector<BoundAction> bound;
  for (const TransactWriteItem& action : request.transact_items) {
    TRY_ASSIGN(BoundAction one, bind_parameters(action, arena));
    bound.push_back(one);
  }
  return bound;
}

// First what refuses the request, over all actions; then the first error in one of them, which cancels it.
Result<Plan> make_plan(const Services& services, const RequestContext& context,
                       const TransactWriteItemsRequest& request) {
  TRY_ASSIGN(const std::vector<BoundAction> bound, bind_all_parameters(request, context.arena));
  Plan plan;
  for (const BoundAction& one : bound) {
    const TransactWriteItem& action = *one.request;
    const auto facts = [&](AccessFacts* facts) {
      add_facts(one, facts);
      ItemFacts(facts).return_consumed_capacity(request.return_consumed_capacity);
    };
    TRY_ASSIGN(TableRef table, data_table(services, context, policy_action(action), action.table_name(), facts));
    plan.tables.push_back(std::move(table));
  }

  DistinctItems distinct;
  std::optional<Error> cancelled;
  for (std::size_t i = 0; i < bound.size(); ++i) {
    Result<TransactAction> action = bind_to_table(bound[i], *plan.tables[i], context.arena);
    if (!action) {
      if (refuses_request(action.error())) return Unexpected(std::move(action).error());
      if (!cancelled) cancelled = transaction_cancelled_by(i, bound.size(), std::move(action).error());
      continue;
    }
    TRY(distinct.add(*action->table, action->key().encoded));
    plan.actions.push_back(std::move(*action));
  }
  if (cancelled) return Unexpected(std::move(*cancelled));
  return plan;
}

void add_collection(std::string_view table_name, const CollectionReport& report, TransactWriteItemsResponse* response) {
  for (auto& [name, reports] : response->collections) {
    if (name == table_name) return api::add_collection(report, &reports);
  }
  TransactWriteItemsResponse::Collections& added = response->collections.emplace_back();
  added.table_name = table_name;
  added.reports.push_back(report);
}

}  // namespace

Task<Result<TransactWriteItemsResponse>> transact_write_items(Services& services, RequestContext& context,
                                                              const TransactWriteItemsRequest& request) {
  CO_TRY_ASSIGN(const Plan plan, make_plan(services, context, request));
  TransactWriteIntent intent{.actions = plan.actions, .token = {}};
  Bytes digest;
  if (request.client_request_token) {
    digest = fingerprint(request.transact_items);
    intent.token = TransactToken{.operation = TransactOperation::kTransactWriteItems,
                                 .region = context.region,
                                 .token = *request.client_request_token,
                                 .fingerprint = digest};
  }
  CO_TRY_ASSIGN(const TransactWriteOutcome outcome, co_await services.transactions.write(intent, context.arena));

  TransactWriteItemsResponse response;
  TransactCapacity capacity;
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    const TransactAction& action = plan.actions[i];
    const ActionOutcome& done = outcome.actions[i];
    const std::string_view table_name = request.transact_items[i].table_name();
    context.consume(*action.table, done.consumed.total());
    capacity.add(*action.table, table_name, done.consumed);
    const auto report =
        report_collection(request.return_item_collection_metrics, action.key().attributes, done.collection_size_bytes);
    if (report) add_collection(table_name, *report, &response);
  }
  response.consumed = std::move(capacity).reports(request.return_consumed_capacity);
  co_return response;
}

void encode(const TransactWriteItemsResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  write_capacity_members(response.consumed, writer, CapacityDetail::kReadAndWrite);
  if (!response.collections.empty()) {
    writer->key("ItemCollectionMetrics");
    writer->begin_object();
    for (const auto& [table_name, reports] : response.collections) {
      writer->key(table_name);
      writer->begin_array();
      for (const CollectionReport& report : reports) write_collection(report, writer);
      writer->end_array();
    }
    writer->end_object();
  }
  writer->end_object();
}

}  // namespace armature::api
