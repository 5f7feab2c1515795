// Source: API Reference, "DescribeContinuousBackups".
#include <fmt/format.h>

#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/tables.h"

namespace armature::api {

Task<Result<DescribeContinuousBackupsResponse>> describe_continuous_backups(
    Services& services, RequestContext& context, const DescribeContinuousBackupsRequest& request) {
  CO_TRY_ASSIGN(const TableName name, named_table(request.table_name));
  CO_TRY(authorize(context, table_resource(context, request.table_name)));
  if (services.catalog.find(context.region, name) == nullptr) {
    co_return fail(ErrorCode::kTableNotFound, fmt::format("Table not found: {}", name.name));
  }
  co_return DescribeContinuousBackupsResponse{};
}

// On DynamoDB continuous backups are always ENABLED; whether a table can be restored to a point in time is what the
// inner status tells, and tables here cannot.
void encode(const DescribeContinuousBackupsResponse&, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("ContinuousBackupsDescription");
  writer->begin_object();
  writer->member("ContinuousBackupsStatus", "ENABLED");
  writer->key("PointInTimeRecoveryDescription");
  writer->begin_object();
  writer->member("PointInTimeRecoveryStatus", "DISABLED");
  writer->end_object();
  writer->end_object();
  writer->end_object();
}

}  // namespace armature::api
