// Source: API Reference, "DeleteResourcePolicy".
#include "api/dynamodb/tables/resource_policy_change.h"
#include "api/dynamodb/tables/tables.h"

namespace armature::api {

Task<Result<DeleteResourcePolicyResponse>> delete_resource_policy(Services& services, RequestContext& context,
                                                                  const DeleteResourcePolicyRequest& request) {
  CO_TRY_ASSIGN(const PolicyResource resource, policy_resource(request.resource_arn));
  CO_TRY(authorize(context, request.resource_arn));

  DeleteResourcePolicyResponse response;
  const PolicyChange remove = [&](const TableDefinition&, ResourcePolicyRef* policy) -> Result<void> {
    TRY(check_expected_revision(request.expected_revision_id, *policy, resource));
    response.revision_id.reset();
    if (*policy != nullptr) response.revision_id = (*policy)->revision_id;
    policy->reset();
    return {};
  };
  CO_TRY(co_await change_resource_policy(services, context, resource, remove));
  co_return response;
}

void encode(const DeleteResourcePolicyResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  if (response.revision_id) writer->member("RevisionId", *response.revision_id);
  writer->end_object();
}

}  // namespace armature::api
