// Source: API Reference, "UntagResource".
#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/tables.h"
#include "api/dynamodb/tables/tag_change.h"

namespace armature::api {

Task<Result<EmptyResponse>> untag_resource(Services& services, RequestContext& context,
                                           const UntagResourceRequest& request) {
  CO_TRY_ASSIGN(const TableName name, tagged_table(request.resource_arn));
  if (request.tag_keys.empty()) co_return invalid("Atleast one Tag Key needs to be provided as Input.");
  const auto facts = [&](AccessFacts* facts) {
    for (const std::string_view key : request.tag_keys) facts->add_tag_key(key);
  };
  CO_TRY(authorize(context, request.resource_arn, facts));
  const TagChange remove = [&request](Tags* tags) -> Result<void> {
    for (const std::string_view key : request.tag_keys) tags->erase(std::string(key));
    return {};
  };
  CO_TRY(co_await change_tags(services, context, request.resource_arn, name, remove));
  co_return EmptyResponse{};
}

}  // namespace armature::api
