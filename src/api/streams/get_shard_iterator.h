// GetShardIterator: where in a shard to begin reading. Source: API Reference, "GetShardIterator".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/context.h"
#include "api/services.h"
#include "api/shape.h"
#include "api/streams/stream_access.h"
#include "base/task.h"

namespace armature::api {

enum class ShardIteratorType : std::uint8_t { kTrimHorizon, kLatest, kAtSequenceNumber, kAfterSequenceNumber };

template <>
struct EnumShape<ShardIteratorType> {
  static constexpr EnumValue<ShardIteratorType> values[] = {
      {"TRIM_HORIZON", ShardIteratorType::kTrimHorizon},
      {"LATEST", ShardIteratorType::kLatest},
      {"AT_SEQUENCE_NUMBER", ShardIteratorType::kAtSequenceNumber},
      {"AFTER_SEQUENCE_NUMBER", ShardIteratorType::kAfterSequenceNumber}};
};

struct GetShardIteratorRequest {
  std::string_view stream_arn;
  std::string_view shard_id;
  ShardIteratorType type = ShardIteratorType::kTrimHorizon;
  std::optional<std::string_view> sequence_number;
};

template <>
struct Shape<GetShardIteratorRequest> : ShapeOf<GetShardIteratorRequest> {
  static constexpr std::string_view name = "GetShardIteratorInput";
  static constexpr Member members[] = {
      member<&GetShardIteratorRequest::stream_arn>("StreamArn", kStreamArn),
      member<&GetShardIteratorRequest::shard_id>("ShardId", {.required = true, .minimum = 28, .maximum = 65}),
      member<&GetShardIteratorRequest::type>("ShardIteratorType", kRequired),
      member<&GetShardIteratorRequest::sequence_number>("SequenceNumber", {.minimum = 21, .maximum = 40}),
  };
};

struct GetShardIteratorResponse {
  std::string iterator;
};

Task<Result<GetShardIteratorResponse>> get_shard_iterator(Services& services, RequestContext& context,
                                                          const GetShardIteratorRequest& request);
void encode(const GetShardIteratorResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
