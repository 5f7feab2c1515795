#include "api/dynamodb/batch_write_item.h"

#include <unordered_set>

#include "api/dynamodb/item_checks.h"
#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/table_access.h"
#include "base/when_all.h"
#include "wire/attribute_json.h"

namespace armature::api {

namespace {

// Of an entry with both kinds of write, and of one with neither.
constexpr std::string_view kNotOneWrite =
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";

}  // namespace

Result<void> check_before_values(const BatchWriteItemRequest& request) {
  if (request.request_items.empty()) return invalid("The requestItems parameter is required for BatchWriteItem");
  std::size_t count = 0;
  for (const auto& [table_name, writes] : request.request_items) {
    count += writes.size();
    for (const WriteRequest& write : writes) {
      if (write.put.has_value() == write.remove.has_value()) return invalid(std::string(kNotOneWrite));
    }
  }
  if (count > kMaxBatchWrites) return invalid("Too many items requested for the BatchWriteItem call");
  return {};
}

namespace {

// One write of the batch, ready to run.
struct PlannedWrite {
  std::size_t table_index;  // Into request_items.
  const TableDefinition* table;
  const WriteRequest* request;
  PutIntent put;  // One of the two, by the request's kind.
  DeleteIntent remove;

  std::span<const Attribute> key() const { return request->put ? put.key.attributes : remove.key.attributes; }
  const Bytes& encoded_key() const { return request->put ? put.key.encoded : remove.key.encoded; }
};

struct Plan {
  std::vector<TableRef> tables;  // In the order of request_items; keeps what the writes point to.
  std::vector<PlannedWrite> writes;
};

// A batch names no attribute in its key errors, unlike PutItem.
Result<ItemKey> bind_put_key(const TableDefinition& table, std::span<const Attribute> item, Arena* arena) {
  Result<ItemKey> key = bind_item_key(table, item, arena);
  if (key) return key;
  const std::string& message = key.error().message;
  if (message.find("Missing the key") != std::string::npos ||
      message.find("Type mismatch for key") != std::string::npos) {
    return invalid("The provided key element does not match the schema");
  }
  return key;
}

Result<PlannedWrite> plan_write(const BatchWriteItemRequest& request, std::size_t table_index,
                                const TableDefinition& table, const WriteRequest& write, Arena* arena) {
  PlannedWrite planned{.table_index = table_index, .table = &table, .request = &write, .put = {}, .remove = {}};
  if (write.put) {
    planned.put.item = write.put->item;
    TRY_ASSIGN(planned.put.key, bind_put_key(table, write.put->item, arena));
    TRY(check_index_keys(table, write.put->item));
  } else {
    TRY_ASSIGN(planned.remove.key, bind_key(table, write.remove->key, arena));
  }
  return planned;
}

// One item may appear once, also when its table is named in two ways.
Result<void> check_distinct(const Plan& plan) {
  std::unordered_set<Bytes> seen;
  for (const PlannedWrite& write : plan.writes) {
    if (!seen.insert(write.table->id + write.encoded_key()).second) return Unexpected(duplicate_keys());
  }
  return {};
}

// Any invalid entry refuses the whole batch before anything is written.
Result<Plan> make_plan(const Services& services, const RequestContext& context, const BatchWriteItemRequest& request) {
  for (const auto& [table_name, writes] : request.request_items) {
    for (const WriteRequest& write : writes) {
      TRY(check_attributes(write.put ? write.put->item : write.remove->key));
      if (write.put) TRY(check_item_size(write.put->item));
    }
  }
  Plan plan;
  for (std::size_t i = 0; i < request.request_items.size(); ++i) {
    const auto& [table_name, writes] = request.request_items[i];
    const auto facts = [&, writes = writes](AccessFacts* facts) {
      ItemFacts all(facts);
      for (const WriteRequest& write : writes) all.item(write.put ? write.put->item : write.remove->key);
      all.return_consumed_capacity(request.return_consumed_capacity);
    };
    TRY_ASSIGN(TableRef table, data_table(services, context, table_name, facts));
    plan.tables.push_back(table);
    for (const WriteRequest& write : writes) {
      TRY_ASSIGN(PlannedWrite planned, plan_write(request, i, *table, write, context.arena));
      plan.writes.push_back(std::move(planned));
    }
  }
  TRY(check_distinct(plan));
  return plan;
}

// All at once: the writes then share one sync instead of paying one each.
Task<std::vector<Result<WriteOutcome>>> run(Services& services, RequestContext& context, const Plan& plan) {
  std::vector<Task<Result<WriteOutcome>>> tasks;
  tasks.reserve(plan.writes.size());
  for (const PlannedWrite& write : plan.writes) {
    tasks.push_back(write.request->put ? services.items.put(*write.table, write.put, context.arena)
                                       : services.items.remove(*write.table, write.remove, context.arena));
  }
  return when_all(std::move(tasks));
}

// What became of one table's part of the batch.
struct TableResult {
  BatchWriteItemResponse::Unprocessed unprocessed;
  BatchWriteItemResponse::Collections collections;
  ConsumedCapacity consumed;
};

}  // namespace

Task<Result<BatchWriteItemResponse>> batch_write_item(Services& services, RequestContext& context,
                                                      const BatchWriteItemRequest& request) {
  CO_TRY_ASSIGN(const Plan plan, make_plan(services, context, request));
  std::vector<Result<WriteOutcome>> outcomes = co_await run(services, context, plan);

  std::vector<TableResult> results(request.request_items.size());
  std::size_t failures = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const PlannedWrite& write = plan.writes[i];
    TableResult& result = results[write.table_index];
    if (outcomes[i]) {
      result.consumed += outcomes[i]->consumed;
      context.consume(*write.table, outcomes[i]->consumed.total());
      const auto report =
          report_collection(request.return_item_collection_metrics, write.key(), outcomes[i]->collection_size_bytes);
      if (report) add_collection(*report, &result.collections.reports);
      continue;
    }
    if (!is_left_unprocessed(outcomes[i].error().code)) co_return Unexpected(std::move(outcomes[i]).error());
    result.unprocessed.requests.push_back(write.request);
    ++failures;
  }
  // A batch of which nothing was done is an error, not a success with everything left to do.
  if (failures == outcomes.size()) co_return Unexpected(std::move(outcomes.front()).error());

  BatchWriteItemResponse response;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string_view table_name = request.request_items[i].key;
    TableResult& result = results[i];
    if (!result.unprocessed.requests.empty()) {
      result.unprocessed.table_name = table_name;
      response.unprocessed.push_back(std::move(result.unprocessed));
    }
    if (!result.collections.reports.empty()) {
      result.collections.table_name = table_name;
      response.collections.push_back(std::move(result.collections));
    }
    auto report = report_capacity(request.return_consumed_capacity, table_name, std::move(result.consumed));
    if (report) response.consumed.push_back(std::move(*report));
  }
  co_return response;
}

namespace {

void write_request(const WriteRequest& request, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key(request.put ? "PutRequest" : "DeleteRequest");
  writer->begin_object();
  writer->key(request.put ? "Item" : "Key");
  wire::write_attributes(request.put ? request.put->item : request.remove->key, writer);
  writer->end_object();
  writer->end_object();
}

}  // namespace

void encode(const BatchWriteItemResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("UnprocessedItems");
  writer->begin_object();
  for (const auto& [table_name, requests] : response.unprocessed) {
    writer->key(table_name);
    writer->begin_array();
    for (const WriteRequest* request : requests) write_request(*request, writer);
    writer->end_array();
  }
  writer->end_object();
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
  write_capacity_members(response.consumed, writer);
  writer->end_object();
}

}  // namespace armature::api
