// What PutItem, UpdateItem and DeleteItem have in common: parameters, and the reply.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "api/context.h"
#include "api/dynamodb/guard.h"
#include "api/dynamodb/projection.h"
#include "api/dynamodb/usage.h"
#include "wire/json.h"

namespace armature::api {

struct ItemWriteParameters : GuardParameters {
  std::string_view table_name;
  std::optional<ReturnValues> return_values;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
};

struct ItemWriteResponse {
  ReturnedItem attributes;  // What ReturnValues asked for.
  std::optional<CapacityReport> consumed;
  std::optional<CollectionReport> collection;
};

// Of PutItem and DeleteItem, which return no new values. Binds all their expressions; every placeholder has to be used.
Result<WriteGuard> bind_only_guard(const ItemWriteParameters& request, Arena* arena);
ReturnedItem returned_old_item(const ItemWriteParameters& request, WriteOutcome* written);

// Notes what was consumed, and reports it as the request asked. `key`: the primary key written.
ItemWriteResponse item_write_response(RequestContext& context, const TableDefinition& table,
                                      const ItemWriteParameters& request, std::span<const Attribute> key,
                                      ReturnedItem attributes, WriteOutcome written);
void encode(const ItemWriteResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
