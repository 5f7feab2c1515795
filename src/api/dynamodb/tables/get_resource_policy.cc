// Source: API Reference, "GetResourcePolicy".
#include <utility>

#include "api/dynamodb/tables/resource_policy_change.h"
#include "api/dynamodb/tables/tables.h"

namespace armature::api {

Task<Result<GetResourcePolicyResponse>> get_resource_policy(Services& services, RequestContext& context,
                                                            const GetResourcePolicyRequest& request) {
  CO_TRY_ASSIGN(const PolicyResource resource, policy_resource(request.resource_arn));
  CO_TRY(authorize(context, request.resource_arn));
  CO_TRY_ASSIGN(ResourcePolicyRef policy, find_resource_policy(services, context, resource));
  if (policy == nullptr) co_return no_resource_policy(request.resource_arn);
  co_return GetResourcePolicyResponse{std::move(policy)};
}

void encode(const GetResourcePolicyResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member("Policy", response.policy->document.text);
  writer->member("RevisionId", response.policy->revision_id);
  writer->end_object();
}

}  // namespace armature::api
