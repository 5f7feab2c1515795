// Source: API Reference, "PutResourcePolicy".
#include <utility>

#include "api/dynamodb/tables/resource_policy_change.h"
#include "api/dynamodb/tables/tables.h"
#include "api/operations.h"

namespace armature::api {
namespace {

// Whoever puts a policy that would keep him from putting another has to say that he means it.
Result<void> check_keeps_access(const RequestContext& context, const PutResourcePolicyRequest& request,
                                const ResourcePolicy& policy) {
  if (request.confirm_remove_self_resource_access.value_or(false)) return {};
  const AccessRequest next_time{
      .action = context.operation->action, .resource_arn = request.resource_arn, .resource_policy = &policy.policy()};
  if (context.authorizer->would_allow(context, next_time)) return {};
  return invalid(
      "The new resource policy will not allow you to update the resource policy in the future. To put it all the same, "
      "set ConfirmRemoveSelfResourceAccess to true.");
}

}  // namespace

Task<Result<PutResourcePolicyResponse>> put_resource_policy(Services& services, RequestContext& context,
                                                            const PutResourcePolicyRequest& request) {
  CO_TRY_ASSIGN(const PolicyResource resource, policy_resource(request.resource_arn));
  CO_TRY_ASSIGN(const ResourcePolicyRef checked, make_resource_policy(request.policy, request.resource_arn, {}));
  CO_TRY(authorize(context, request.resource_arn));
  CO_TRY(check_keeps_access(context, request, *checked));

  PutResourcePolicyResponse response;
  const PolicyChange put = [&](const TableDefinition& table, ResourcePolicyRef* policy) -> Result<void> {
    TRY(check_expected_revision(request.expected_revision_id, *policy, resource));
    // The same policy again is no change.
    if (*policy == nullptr || (*policy)->document.text != request.policy) {
      ResourcePolicy next = *checked;
      next.revision_id = policy_revision_id(services.clock.now_ms(), table.revision);
      *policy = std::make_shared<const ResourcePolicy>(std::move(next));
    }
    response.revision_id = (*policy)->revision_id;
    return {};
  };
  CO_TRY(co_await change_resource_policy(services, context, resource, put));
  co_return response;
}

void encode(const PutResourcePolicyResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member("RevisionId", response.revision_id);
  writer->end_object();
}

}  // namespace armature::api
