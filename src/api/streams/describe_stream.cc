#include "api/streams/describe_stream.h"

#include <algorithm>
#include <utility>

#include "api/dynamodb/tables/table_description.h"
#include "api/dynamodb/tables/wire_words.h"

namespace armature::api {
namespace {

constexpr std::int32_t kMostShards = 100;

Result<void> check_filter(const DescribeStreamRequest& request) {
  if (!request.shard_filter) return {};
  if (!request.shard_filter->type) {
    return invalid("One or more parameter values were invalid: ShardFilter must have a Type");
  }
  if (!request.shard_filter->shard_id) {
    return invalid(
        "One or more parameter values were invalid: ShardId must be specified when the Type of ShardFilter is "
        "CHILD_SHARDS");
  }
  return {};
}

// A stream is what its definition says once its shards say so too.
std::string_view status_of(const StreamDefinition& stream, const stream::Lineage& lineage) {
  if (stream.enabled) return lineage.shards.empty() ? "ENABLING" : "ENABLED";
  return lineage.end ? "DISABLED" : "DISABLING";
}

void write_shard(const stream::Shard& shard, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member("ShardId", to_text(shard.id));
  writer->key("SequenceNumberRange");
  writer->begin_object();
  writer->member("StartingSequenceNumber", to_text(shard.first_number()));
  if (!shard.is_open()) writer->member("EndingSequenceNumber", to_text(shard.last_number()));
  writer->end_object();
  if (shard.parent) writer->member("ParentShardId", to_text(*shard.parent));
  writer->end_object();
}

}  // namespace

Task<Result<DescribeStreamResponse>> describe_stream(Services& services, RequestContext& context,
                                                     const DescribeStreamRequest& request) {
  CO_TRY(check_filter(request));
  DescribeStreamResponse response;
  CO_TRY_ASSIGN(response.stream, readable_stream(services, context, request.stream_arn));
  CO_TRY_ASSIGN(stream::Lineage lineage,
                co_await services.streams.readable_shards(*response.stream.table, *response.stream.stream));
  response.status = status_of(*response.stream.stream, lineage);
  response.shards = std::move(lineage.shards);
  std::erase_if(response.shards, [&](const stream::Shard& shard) {
    const bool filtered =
        request.shard_filter && (!shard.parent || to_text(*shard.parent) != *request.shard_filter->shard_id);
    const bool before = request.exclusive_start_shard_id && to_text(shard.id) <= *request.exclusive_start_shard_id;
    return filtered || before;
  });
  const auto limit = static_cast<std::size_t>(request.limit.value_or(kMostShards));
  response.more = response.shards.size() > limit;
  if (response.more) response.shards.resize(limit);
  co_return response;
}

void encode(const DescribeStreamResponse& response, wire::JsonWriter* writer) {
  const TableDefinition& table = *response.stream.table;
  const StreamDefinition& stream = *response.stream.stream;
  writer->begin_object();
  writer->key("StreamDescription");
  writer->begin_object();
  writer->member("StreamArn", stream_arn(table, stream));
  writer->member("StreamLabel", stream.label);
  writer->member("StreamStatus", response.status);
  writer->member("StreamViewType", enum_name(stream.view_type));
  write_time("CreationRequestDateTime", stream.created_at_ms, writer);
  writer->member("TableName", table.name);
  write_key_schema(table.key, writer);
  writer->key("Shards");
  writer->begin_array();
  for (const stream::Shard& shard : response.shards) write_shard(shard, writer);
  writer->end_array();
  if (response.more) writer->member("LastEvaluatedShardId", to_text(response.shards.back().id));
  writer->end_object();
  writer->end_object();
}

}  // namespace armature::api
