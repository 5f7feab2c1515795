// Source: API Reference, "ListTables".
#include "api/dynamodb/tables/tables.h"

namespace armature::api {
namespace {
constexpr std::int32_t kMostNames = 100;
}

Task<Result<ListTablesResponse>> list_tables(Services& services, RequestContext& context,
                                             const ListTablesRequest& request) {
  CO_TRY(authorize(context, "*"));
  ListTablesResponse response;
  response.table_names =
      services.catalog.list(context.region, request.exclusive_start_table_name.value_or(std::string_view()),
                            static_cast<std::size_t>(request.limit.value_or(kMostNames)), &response.more);
  co_return response;
}

void encode(const ListTablesResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("TableNames");
  writer->begin_array();
  for (const std::string& name : response.table_names) writer->string(name);
  writer->end_array();
  if (response.more) writer->member("LastEvaluatedTableName", response.table_names.back());
  writer->end_object();
}

}  // namespace armature::api
