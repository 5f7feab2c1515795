// GetRecords: the records of a shard from an iterator on. Source: API Reference, "GetRecords", "Record".
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
#include "table/stream_store.h"

namespace armature::api {

struct GetRecordsRequest {
  std::string_view shard_iterator;
  std::optional<std::int32_t> limit;
};

template <>
struct Shape<GetRecordsRequest> : ShapeOf<GetRecordsRequest> {
  static constexpr std::string_view name = "GetRecordsInput";
  static constexpr Member members[] = {
      member<&GetRecordsRequest::shard_iterator>("ShardIterator", {.required = true, .minimum = 1, .maximum = 2048}),
      member<&GetRecordsRequest::limit>("Limit", {.minimum = 1, .maximum = kMostStreamRecords}),
  };
};

struct GetRecordsResponse {
  TableRef table;
  StreamPage page;
  std::string next_iterator;  // Empty: the shard is closed, and that was all.
};

Task<Result<GetRecordsResponse>> get_records(Services& services, RequestContext& context,
                                             const GetRecordsRequest& request);
void encode(const GetRecordsResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
