// Source: API Reference, "DescribeTimeToLive".
#include <utility>

#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/tables.h"
#include "api/dynamodb/tables/wire_words.h"

namespace armature::api {

Task<Result<DescribeTimeToLiveResponse>> describe_time_to_live(Services& services, RequestContext& context,
                                                               const DescribeTimeToLiveRequest& request) {
  CO_TRY_ASSIGN(const TableName name, named_table(request.table_name));
  CO_TRY(authorize(context, table_resource(context, request.table_name)));
  CO_TRY_ASSIGN(TableRef table, services.catalog.described_table(context.region, name));
  co_return DescribeTimeToLiveResponse{std::move(table)};
}

void encode(const DescribeTimeToLiveResponse& response, wire::JsonWriter* writer) {
  const TimeToLive& time_to_live = response.table->time_to_live;
  writer->begin_object();
  writer->key("TimeToLiveDescription");
  writer->begin_object();
  writer->member("TimeToLiveStatus", enum_name(time_to_live.status));
  if (time_to_live.status != TimeToLiveStatus::kDisabled) writer->member("AttributeName", time_to_live.attribute);
  writer->end_object();
  writer->end_object();
}

}  // namespace armature::api
