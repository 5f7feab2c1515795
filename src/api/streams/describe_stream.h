// DescribeStream: a stream and its shards. Source: API Reference, "DescribeStream", "StreamDescription".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "api/context.h"
#include "api/services.h"
#include "api/shape.h"
#include "api/streams/stream_access.h"
#include "base/task.h"
#include "stream/shard.h"

namespace armature::api {

enum class ShardFilterType : std::uint8_t { kChildShards };

template <>
struct EnumShape<ShardFilterType> {
  static constexpr EnumValue<ShardFilterType> values[] = {{"CHILD_SHARDS", ShardFilterType::kChildShards}};
};

struct ShardFilter {
  std::optional<ShardFilterType> type;
  std::optional<std::string_view> shard_id;
};

template <>
struct Shape<ShardFilter> : ShapeOf<ShardFilter> {
  static constexpr std::string_view name = "ShardFilter";
  static constexpr Member members[] = {
      member<&ShardFilter::type>("Type"),
      member<&ShardFilter::shard_id>("ShardId", kShardId),
  };
};

struct DescribeStreamRequest {
  std::string_view stream_arn;
  std::optional<std::int32_t> limit;
  std::optional<std::string_view> exclusive_start_shard_id;
  std::optional<ShardFilter> shard_filter;
};

template <>
struct Shape<DescribeStreamRequest> : ShapeOf<DescribeStreamRequest> {
  static constexpr std::string_view name = "DescribeStreamInput";
  static constexpr Member members[] = {
      member<&DescribeStreamRequest::stream_arn>("StreamArn", kStreamArn),
      member<&DescribeStreamRequest::limit>("Limit", {.minimum = 1, .maximum = 100}),
      member<&DescribeStreamRequest::exclusive_start_shard_id>("ExclusiveStartShardId", kShardId),
      member<&DescribeStreamRequest::shard_filter>("ShardFilter"),
  };
};

struct DescribeStreamResponse {
  StreamRef stream;
  std::string_view status;
  std::vector<stream::Shard> shards;
  bool more = false;  // Then the last shard's id is where the next page begins.
};

Task<Result<DescribeStreamResponse>> describe_stream(Services& services, RequestContext& context,
                                                     const DescribeStreamRequest& request);
void encode(const DescribeStreamResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
