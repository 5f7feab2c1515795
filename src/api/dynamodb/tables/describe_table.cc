// Source: API Reference, "DescribeTable".
#include <utility>

#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/tables.h"

namespace armature::api {

Task<Result<DescribeTableResponse>> describe_table(Services& services, RequestContext& context,
                                                   const DescribeTableRequest& request) {
  CO_TRY_ASSIGN(const TableName name, named_table(request.table_name));
  CO_TRY(authorize(context, table_resource(context, request.table_name)));
  CO_TRY_ASSIGN(TableRef table, services.catalog.described_table(context.region, name));
  CO_TRY_ASSIGN(TableDescription description,
                co_await describe(services, std::move(table), DescriptionKind::kDescribed));
  co_return DescribeTableResponse{std::move(description)};
}

void encode(const DescribeTableResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("Table");
  encode(response.description, writer);
  writer->end_object();
}

}  // namespace armature::api
