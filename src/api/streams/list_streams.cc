#include "api/streams/list_streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "api/dynamodb/tables/naming.h"

namespace armature::api {
namespace {

constexpr std::int32_t kMostStreams = 100;

}  // namespace

Task<Result<ListStreamsResponse>> list_streams(Services& services, RequestContext& context,
                                               const ListStreamsRequest& request) {
  std::optional<TableName> table;
  if (request.table_name) {
    CO_TRY_ASSIGN(table, named_table(*request.table_name));
  }
  // The stream it names may be gone by now, but not what a stream is named by.
  std::optional<StreamName> after;
  if (request.exclusive_start_stream_arn) {
    after = parse_stream_arn(*request.exclusive_start_stream_arn);
    if (!after) {
      co_return invalid(fmt::format("Invalid StreamArn: Invalid ResourceArn provided as input {}",
                                    *request.exclusive_start_stream_arn));
    }
  }
  CO_TRY(authorize(context, "*"));

  ListStreamsResponse response;
  response.streams = services.catalog.streams(context.region);
  std::erase_if(response.streams, [&](const StreamRef& one) {
    const std::string_view name = one.table->name;
    const std::string_view label = one.stream->label;
    return !services.streams.is_readable(*one.stream) || (table && name != table->name) ||
           (after && std::tie(name, label) <= std::tie(after->table.name, after->label));
  });
  const auto limit = static_cast<std::size_t>(request.limit.value_or(kMostStreams));
  response.more = response.streams.size() > limit;
  if (response.more) response.streams.resize(limit);
  co_return response;
}

void encode(const ListStreamsResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("Streams");
  writer->begin_array();
  for (const StreamRef& one : response.streams) {
    writer->begin_object();
    writer->member("StreamArn", stream_arn(*one.table, *one.stream));
    writer->member("StreamLabel", one.stream->label);
    writer->member("TableName", one.table->name);
    writer->end_object();
  }
  writer->end_array();
  if (response.more) {
    writer->member("LastEvaluatedStreamArn",
                   stream_arn(*response.streams.back().table, *response.streams.back().stream));
  }
  writer->end_object();
}

}  // namespace armature::api
