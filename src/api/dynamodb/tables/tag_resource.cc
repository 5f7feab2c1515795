// Source: API Reference, "TagResource".
#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/settings_plan.h"
#include "api/dynamodb/tables/tables.h"
#include "api/dynamodb/tables/tag_change.h"

namespace armature::api {

Task<Result<EmptyResponse>> tag_resource(Services& services, RequestContext& context,
                                         const TagResourceRequest& request) {
  CO_TRY_ASSIGN(const TableName name, tagged_table(request.resource_arn));
  if (request.tags.empty()) co_return invalid("Atleast one Tag needs to be provided as Input.");
  const auto facts = [&](AccessFacts* facts) {
    for (const auto& tag : request.tags) facts->add_request_tag(tag.key, tag.value);
  };
  CO_TRY(authorize(context, request.resource_arn, facts));
  const TagChange add = [&request](Tags* tags) { return add_tags(request.tags, tags); };
  CO_TRY(co_await change_tags(services, context, request.resource_arn, name, add));
  co_return EmptyResponse{};
}

}  // namespace armature::api
