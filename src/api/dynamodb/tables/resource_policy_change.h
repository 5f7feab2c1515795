// What the operations on resource policies share: what a policy is for, what it takes to be one, and changing it.
// Source: Developer Guide, "Using resource-based policies for DynamoDB"; API Reference, "PutResourcePolicy".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/context.h"
#include "api/services.h"
#include "base/task.h"
#include "catalog/resource_policy.h"
#include "catalog/table_definition.h"
#include "model/error.h"

namespace armature::api {

// A table, or one of its streams. Borrows from the ARN.
struct PolicyResource {
  std::string_view arn;
  TableName table;
  std::optional<std::string_view> stream_label;
};

// Index access is governed by the table's policy, so the ARN of an index is kValidation, as that of a backup.
Result<PolicyResource> policy_resource(std::string_view arn);

// Checks size and syntax of a document, and that it is about `resource_arn` alone. kValidation, with the reason.
Result<ResourcePolicyRef> make_resource_policy(std::string_view document, std::string_view resource_arn,
                                               std::string revision_id);

// Of a policy that is put in place of whatever `table` had: a number no other policy of it ever had.
std::string policy_revision_id(Clock::Millis now_ms, std::uint64_t table_revision);

// The resource's policy; nullptr: it has none. kResourceNotFound.
Result<ResourcePolicyRef> find_resource_policy(const Services& services, const RequestContext& context,
                                               const PolicyResource& resource);

// kPolicyNotFound unless the policy is the one that is expected: "NO_POLICY" for none, nullopt for any or none.
Result<void> check_expected_revision(const std::optional<std::string_view>& expected, const ResourcePolicyRef& current,
                                     const PolicyResource& resource);

// `Resource-based policy not found for the provided ResourceArn: <arn>`.
Unexpected<Error> no_resource_policy(std::string_view arn);

// Edits the policy in place (nullptr: none) or says no; may run more than once. `table` is as it was before.
using PolicyChange = std::function<Result<void>(const TableDefinition& table, ResourcePolicyRef* policy)>;
// As change_tags() does it with tags.
Task<Result<void>> change_resource_policy(Services& services, const RequestContext& context,
                                          const PolicyResource& resource, const PolicyChange& change);

}  // namespace armature::api
