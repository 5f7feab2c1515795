// Source: API Reference, "ListTagsOfResource".
#include <utility>

#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/tables.h"
#include "api/operations.h"

namespace armature::api {

Task<Result<ListTagsOfResourceResponse>> list_tags_of_resource(Services& services, RequestContext& context,
                                                               const ListTagsOfResourceRequest& request) {
  CO_TRY_ASSIGN(const TableName name, tagged_table(request.resource_arn));
  // All tags of a table fit on one page, so no reply carries a token that could come back.
  if (request.next_token) co_return invalid("Invalid NextToken");
  CO_TRY(authorize(context, request.resource_arn));
  TableRef table = services.catalog.find(context.region, name);
  // DynamoDB does not tell a table that is missing from one that belongs to somebody else.
  if (table == nullptr) {
    co_return Unexpected(access_denied(context, context.operation->action, request.resource_arn, {}));
  }
  co_return ListTagsOfResourceResponse{std::move(table)};
}

void encode(const ListTagsOfResourceResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("Tags");
  writer->begin_array();
  for (const auto& [key, value] : response.table->tags) {
    writer->begin_object();
    writer->member("Key", key);
    writer->member("Value", value);
    writer->end_object();
  }
  writer->end_array();
  writer->end_object();
}

}  // namespace armature::api
