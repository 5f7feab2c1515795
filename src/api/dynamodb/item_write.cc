#include "api/dynamodb/item_write.h"

#include <utility>

namespace armature::api {

Result<WriteGuard> bind_only_guard(const ItemWriteParameters& request, Arena* arena) {
  expression::Placeholders placeholders = placeholders_of(request);
  TRY_ASSIGN(const WriteGuard guard, bind_guard(request, &placeholders, arena));
  TRY(placeholders.check_all_used());
  return guard;
}

ReturnedItem returned_old_item(const ItemWriteParameters& request, WriteOutcome* written) {
  if (request.return_values != ReturnValues::kAllOld) return {};
  return {.encoded = std::move(written->before), .projected = {}};
}

ItemWriteResponse item_write_response(RequestContext& context, const TableDefinition& table,
                                      const ItemWriteParameters& request, std::span<const Attribute> key,
                                      ReturnedItem attributes, WriteOutcome written) {
  context.consume(table, written.consumed.total());
  ItemWriteResponse response;
  response.attributes = std::move(attributes);
  response.consumed =
      report_capacity(request.return_consumed_capacity, request.table_name, std::move(written.consumed));
  response.collection = report_collection(request.return_item_collection_metrics, key, written.collection_size_bytes);
  return response;
}

void encode(const ItemWriteResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  write_item_member("Attributes", response.attributes, writer);
  write_capacity_member(response.consumed, writer);
  write_collection_member(response.collection, writer);
  writer->end_object();
}

}  // namespace armature::api
