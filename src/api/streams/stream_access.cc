#include "api/streams/stream_access.h"

#include <fmt/format.h>

namespace armature::api {

Result<StreamRef> readable_stream(const Services& services, const RequestContext& context, std::string_view arn) {
  const std::optional<StreamName> name = parse_stream_arn(arn);
  if (!name) return invalid(fmt::format("Invalid StreamArn: Invalid ResourceArn provided as input {}", arn));
  TRY(authorize(context, arn));
  std::optional<StreamRef> found = services.catalog.find_stream(context.region, *name);
  if (!found || !services.streams.is_readable(*found->stream)) {
    return fail(ErrorCode::kResourceNotFound, fmt::format("Requested resource not found: Stream: {} not found", arn));
  }
  return *std::move(found);
}

}  // namespace armature::api
