#include "api/streams/get_records.h"

#include <utility>

#include "api/dynamodb/tables/wire_words.h"
#include "stream/iterator.h"
#include "wire/attribute_json.h"

namespace armature::api {
namespace {

using stream::Iterator;

std::string_view event_name(stream::EventName event) {
  switch (event) {
    case stream::EventName::kInsert: return "INSERT";
    case stream::EventName::kModify: return "MODIFY";
    case stream::EventName::kRemove: return "REMOVE";
  }
  __builtin_unreachable();
}

void write_image(std::string_view name, BytesView item, wire::JsonWriter* writer) {
  if (item.empty()) return;
  writer->key(name);
  wire::write_item(ItemView(item), writer);
}

void write_record(const TableDefinition& table, const StreamPage::Record& record, wire::JsonWriter* writer) {
  const stream::RecordView& view = record.view;
  writer->begin_object();
  writer->member("eventID", stream::event_id(table.key_space, record.number));
  writer->member("eventName", event_name(view.event));
  writer->member("eventVersion", "1.1");
  writer->member("eventSource", "aws:dynamodb");
  writer->member("awsRegion", table.region);
  writer->key("dynamodb");
  writer->begin_object();
  writer->member("ApproximateCreationDateTime", stream::ms_of_stamp(record.number.stamp) / 1000);
  write_image("Keys", view.keys, writer);
  write_image("NewImage", view.new_image, writer);
  write_image("OldImage", view.old_image, writer);
  writer->member("SequenceNumber", to_text(record.number));
  writer->member("SizeBytes", static_cast<std::int64_t>(view.size_bytes()));
  writer->member("StreamViewType", enum_name(view.view_type));
  writer->end_object();
  if (view.by_time_to_live) {
    writer->key("userIdentity");
    writer->begin_object();
    writer->member("PrincipalId", "dynamodb.amazonaws.com");
    writer->member("Type", "Service");
    writer->end_object();
  }
  writer->end_object();
}

}  // namespace

Task<Result<GetRecordsResponse>> get_records(Services& services, RequestContext& context,
                                             const GetRecordsRequest& request) {
  const std::optional<Iterator> iterator = stream::decode_iterator(request.shard_iterator, context.arena);
  if (!iterator) co_return invalid("Invalid ShardIterator");
  CO_TRY_ASSIGN(const StreamRef found, readable_stream(services, context, iterator->stream_arn));
  const Clock::Millis now_ms = services.clock.now_ms();
  if (iterator->expired(now_ms)) {
    co_return fail(ErrorCode::kExpiredIterator,
                   "The shard iterator has expired and can no longer be used to retrieve stream records.");
  }

  const StreamReadRequest read{.shard = iterator->shard,
                               .kind = iterator->kind,
                               .position = iterator->position,
                               .position_made_at_ms = iterator->made_at_ms,
                               .limit = static_cast<std::size_t>(request.limit.value_or(kMostStreamRecords))};
  GetRecordsResponse response{.table = found.table};
  CO_TRY_ASSIGN(response.page, co_await services.streams.read(*found.table, *found.stream, read));
  if (!response.page.ended) {
    const Iterator next{.stream_arn = iterator->stream_arn,
                        .shard = iterator->shard,
                        .kind = response.page.next_kind,
                        .position = response.page.next,
                        // The reading began no earlier: what came later was not overlooked, it is still to come.
                        .made_at_ms = now_ms};
    response.next_iterator = stream::encode_iterator(next);
  }
  co_return response;
}

void encode(const GetRecordsResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("Records");
  writer->begin_array();
  for (const StreamPage::Record& record : response.page.records) write_record(*response.table, record, writer);
  writer->end_array();
  if (!response.next_iterator.empty()) writer->member("NextShardIterator", response.next_iterator);
  writer->end_object();
}

}  // namespace armature::api
