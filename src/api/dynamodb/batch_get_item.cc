#include "api/dynamodb/batch_get_item.h"

#include <algorithm>
#include <unordered_set>

#include "api/dynamodb/item_checks.h"
#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/key_paths.h"
#include "api/dynamodb/table_access.h"
#include "base/when_all.h"
#include "model/item.h"
#include "table/item_store.h"
#include "wire/attribute_json.h"

namespace armature::api {

Result<void> check_before_values(const BatchGetItemRequest& request) {
  if (request.request_items.empty()) return invalid("The requestItems parameter is required for BatchGetItem");
  // The two ways of projecting may not be mixed, not even on two tables.
  bool any_expression = false;
  bool any_legacy = false;
  std::size_t count = 0;
  for (const auto& [table_name, gets] : request.request_items) {
    any_expression |= gets.projection_expression.has_value();
    any_legacy |= gets.attributes_to_get.has_value();
    count += gets.keys.size();
  }
  for (const auto& [table_name, gets] : request.request_items) {
    TRY(check_expression_parameters({{"ProjectionExpression", gets.projection_expression.has_value()}},
                                    {{"AttributesToGet", gets.attributes_to_get.has_value()}}, gets));
  }
  TRY(check_expression_parameters({{"ProjectionExpression", any_expression}}, {{"AttributesToGet", any_legacy}}, {}));
  if (count > kMaxBatchGets) return invalid("Too many items requested for the BatchGetItem call");
  return {};
}

namespace {

// One table's part of the batch, ready to run.
struct PlannedGets {
  const KeysAndAttributes* request;
  const expression::Projection* projection = nullptr;
  TableRef table;
  std::vector<GetIntent> gets;
};

// Equal keys have equal encodings, whatever the order of their attributes.
Result<void> check_distinct(const KeysAndAttributes& gets) {
  std::unordered_set<Bytes> seen;
  for (const std::span<const Attribute> key : gets.keys) {
    if (!seen.insert(encode_item(key)).second) return Unexpected(duplicate_keys());
  }
  return {};
}

// Every check of one table's part that needs no table.
Result<PlannedGets> bind_parameters(const KeysAndAttributes& request, Arena* arena) {
  PlannedGets planned{.request = &request, .projection = nullptr, .table = nullptr, .gets = {}};
  for (const std::span<const Attribute> key : request.keys) TRY(check_attributes(key));
  expression::Placeholders placeholders = placeholders_of(request);
  TRY_ASSIGN(planned.projection, bind_projection(request, &placeholders, arena));
  TRY(placeholders.check_all_used());
  TRY(check_distinct(request));
  return planned;
}

Result<std::vector<PlannedGets>> make_plan(const Services& services, const RequestContext& context,
                                           const BatchGetItemRequest& request) {
  std::vector<PlannedGets> plan;
  for (const auto& [table_name, gets] : request.request_items) {
    TRY_ASSIGN(PlannedGets planned, bind_parameters(gets, context.arena));
    plan.push_back(std::move(planned));
  }
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const auto facts = [&](AccessFacts* facts) {
      ItemFacts all(facts);
      for (const std::span<const Attribute> key : plan[i].request->keys) all.item(key);
      all.attributes(plan[i].projection)
          .select(std::nullopt, plan[i].projection != nullptr, /*of_index=*/false)
          .return_consumed_capacity(request.return_consumed_capacity);
    };
    TRY_ASSIGN(plan[i].table, data_table(services, context, request.request_items[i].key, facts));
    TRY(check_key_paths(*plan[i].table, plan[i].projection));
    for (const std::span<const Attribute> attributes : plan[i].request->keys) {
      TRY_ASSIGN(ItemKey key, bind_key(*plan[i].table, attributes, context.arena));
      plan[i].gets.push_back({.key = std::move(key), .consistent = plan[i].request->consistent_read.value_or(false)});
    }
  }
  return plan;
}

Task<std::vector<std::vector<Result<ReadOutcome>>>> run(Services& services, const std::vector<PlannedGets>& plan) {
  std::vector<Task<std::vector<Result<ReadOutcome>>>> tasks;
  tasks.reserve(plan.size());
  for (const PlannedGets& planned : plan) tasks.push_back(services.items.get_many(*planned.table, planned.gets));
  return when_all(std::move(tasks));
}

}  // namespace

Task<Result<BatchGetItemResponse>> batch_get_item(Services& services, RequestContext& context,
                                                  const BatchGetItemRequest& request) {
  CO_TRY_ASSIGN(const std::vector<PlannedGets> plan, make_plan(services, context, request));
  std::vector<std::vector<Result<ReadOutcome>>> outcomes = co_await run(services, plan);

  BatchGetItemResponse response;
  std::size_t reply_bytes = 0;
  bool anything_done = false;
  std::optional<Error> failure;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const std::string_view table_name = request.request_items[i].key;
    BatchGetItemResponse::PerTable part{
        .table_name = table_name, .request = plan[i].request, .items = {}, .unprocessed = {}};
    ConsumedCapacity consumed;
    for (std::size_t k = 0; k < outcomes[i].size(); ++k) {
      Result<ReadOutcome>& outcome = outcomes[i][k];
      if (!outcome && !is_left_unprocessed(outcome.error().code)) co_return Unexpected(std::move(outcome).error());
      if (outcome && outcome->item) reply_bytes += ItemView(*outcome->item).size_bytes();
      if (!outcome || (outcome->item && reply_bytes > kMaxBatchReplyBytes)) {
        if (!outcome && !failure) failure = std::move(outcome).error();
        part.unprocessed.push_back(plan[i].request->keys[k]);
        continue;
      }
      anything_done = true;
      consumed += outcome->consumed;
      if (!outcome->item) continue;
      part.items.push_back(project_item(std::move(outcome->item), plan[i].projection, context.arena));
    }
    context.consume(*plan[i].table, consumed.total());
    auto report = report_capacity(request.return_consumed_capacity, table_name, std::move(consumed));
    if (report) response.consumed.push_back(std::move(*report));
    response.tables.push_back(std::move(part));
  }
  // A batch of which nothing was done is an error, not a success with everything left to do.
  if (!anything_done && failure) co_return Unexpected(std::move(*failure));
  co_return response;
}

namespace {

// The unprocessed part of a table's request, in the shape it came in.
void write_unprocessed(const BatchGetItemResponse::PerTable& part, wire::JsonWriter* writer) {
  const KeysAndAttributes& request = *part.request;
  writer->key(part.table_name);
  writer->begin_object();
  writer->key("Keys");
  writer->begin_array();
  for (const std::span<const Attribute> key : part.unprocessed) wire::write_attributes(key, writer);
  writer->end_array();
  if (request.attributes_to_get) {
    writer->key("AttributesToGet");
    writer->begin_array();
    for (const std::string_view name : *request.attributes_to_get) writer->string(name);
    writer->end_array();
  }
  if (request.consistent_read) writer->member_bool("ConsistentRead", *request.consistent_read);
  if (request.projection_expression) writer->member("ProjectionExpression", *request.projection_expression);
  if (request.expression_names) {
    writer->key("ExpressionAttributeNames");
    writer->begin_object();
    for (const expression::NamePlaceholder& name : *request.expression_names) {
      writer->member(name.placeholder, name.name);
    }
    writer->end_object();
  }
  writer->end_object();
}

}  // namespace

void encode(const BatchGetItemResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("Responses");
  writer->begin_object();
  for (const BatchGetItemResponse::PerTable& part : response.tables) {
    writer->key(part.table_name);
    writer->begin_array();
    for (const ReturnedItem& item : part.items) write_returned_item(item, writer);
    writer->end_array();
  }
  writer->end_object();
  writer->key("UnprocessedKeys");
  writer->begin_object();
  for (const BatchGetItemResponse::PerTable& part : response.tables) {
    if (!part.unprocessed.empty()) write_unprocessed(part, writer);
  }
  writer->end_object();
  write_capacity_members(response.consumed, writer);
  writer->end_object();
}

}  // namespace armature::api
