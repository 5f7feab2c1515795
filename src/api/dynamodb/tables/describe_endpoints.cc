// Source: API Reference, "DescribeEndpoints".
#include "api/dynamodb/tables/tables.h"

namespace armature::api {
namespace {
constexpr std::int64_t kCacheMinutes = 1440;
}

Task<Result<DescribeEndpointsResponse>> describe_endpoints(Services& services, RequestContext& context,
                                                           const DescribeEndpointsRequest&) {
  CO_TRY(authorize(context, "*"));
  co_return DescribeEndpointsResponse{services.options.endpoint_address};
}

void encode(const DescribeEndpointsResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("Endpoints");
  writer->begin_array();
  writer->begin_object();
  writer->member("Address", response.address);
  writer->member("CachePeriodInMinutes", kCacheMinutes);
  writer->end_object();
  writer->end_array();
  writer->end_object();
}

}  // namespace armature::api
