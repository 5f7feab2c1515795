// ListStreams: the streams of a table or of all, the recently disabled and those of deleted tables among them.
// Source: API Reference, "ListStreams".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/context.h"
#include "api/services.h"
#include "api/shape.h"
#include "api/streams/stream_access.h"
#include "base/task.h"

namespace armature::api {

struct ListStreamsRequest {
  std::optional<std::string_view> table_name;
  std::optional<std::int32_t> limit;
  std::optional<std::string_view> exclusive_start_stream_arn;
};

template <>
struct Shape<ListStreamsRequest> : ShapeOf<ListStreamsRequest> {
  static constexpr std::string_view name = "ListStreamsInput";
  static constexpr Member members[] = {
      member<&ListStreamsRequest::table_name>("TableName",
                                              {.minimum = 1, .maximum = 1024, .pattern = &kNameOrArnPattern}),
      member<&ListStreamsRequest::limit>("Limit", {.minimum = 1, .maximum = 100}),
      member<&ListStreamsRequest::exclusive_start_stream_arn>("ExclusiveStartStreamArn",
                                                              {.minimum = 37, .maximum = 1024}),
  };
};

struct ListStreamsResponse {
  std::vector<StreamRef> streams;
  bool more = false;  // Then the last ARN is where the next page begins.
};

Task<Result<ListStreamsResponse>> list_streams(Services& services, RequestContext& context,
                                               const ListStreamsRequest& request);
void encode(const ListStreamsResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
