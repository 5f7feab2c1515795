// Source: API Reference, "DescribeLimits".
#include "api/dynamodb/tables/tables.h"

namespace armature::api {

Task<Result<DescribeLimitsResponse>> describe_limits(Services& services, RequestContext& context,
                                                     const DescribeLimitsRequest&) {
  CO_TRY(authorize(context, "*"));
  const ServiceOptions& options = services.options;
  co_return DescribeLimitsResponse{.max_account_read_units = options.max_account_read_units,
                                   .max_account_write_units = options.max_account_write_units,
                                   .max_table_read_units = options.max_table_read_units,
                                   .max_table_write_units = options.max_table_write_units};
}

void encode(const DescribeLimitsResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member("AccountMaxReadCapacityUnits", response.max_account_read_units);
  writer->member("AccountMaxWriteCapacityUnits", response.max_account_write_units);
  writer->member("TableMaxReadCapacityUnits", response.max_table_read_units);
  writer->member("TableMaxWriteCapacityUnits", response.max_table_write_units);
  writer->end_object();
}

}  // namespace armature::api
