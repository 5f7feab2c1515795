#include "api/dynamodb/tables/resource_policy_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/dynamodb/tables/lifecycle.h"
#include "api/dynamodb/tables/naming.h"

namespace armature::api {
namespace {

// "table Orders"; the service's sentences know tables only.
std::string described(const PolicyResource& resource) {
  if (resource.stream_label) return fmt::format("stream {}/{}", resource.table.name, *resource.stream_label);
  return fmt::format("table {}", resource.table.name);
}

Unexpected<Error> stream_not_found(const PolicyResource& resource) {
  return fail(ErrorCode::kResourceNotFound,
              fmt::format("Requested resource not found: Stream: {} not found", resource.arn));
}

// Where the policy of `resource` is kept; nullptr: the table has no such stream.
ResourcePolicyRef* place_of(const PolicyResource& resource, TableDefinition* table) {
  if (!resource.stream_label) return &table->resource_policy;
  if (table->stream && table->stream->label == *resource.stream_label) return &table->stream->resource_policy;
  const auto is_meant = [&](const StreamDefinition& stream) { return stream.label == *resource.stream_label; };
  const auto old = std::find_if(table->old_streams.begin(), table->old_streams.end(), is_meant);
  return old != table->old_streams.end() ? &old->resource_policy : nullptr;
}

}  // namespace

Result<PolicyResource> policy_resource(std::string_view arn) {
  if (const std::optional<StreamName> stream = parse_stream_arn(arn)) {
    return PolicyResource{.arn = arn, .table = stream->table, .stream_label = stream->label};
  }
  TRY_ASSIGN(const TableName table, tagged_table(arn));
  return PolicyResource{.arn = arn, .table = table, .stream_label = std::nullopt};
}

Result<ResourcePolicyRef> make_resource_policy(std::string_view document, std::string_view resource_arn,
                                               std::string revision_id) {
  // Blanks count, other than in the quotas of IAM.
  if (document.size() > auth::iam::kMaxResourcePolicyBytes) {
    return invalid(fmt::format("The resource-based policy document exceeds the maximum size of {} bytes",
                               auth::iam::kMaxResourcePolicyBytes));
  }
  auto parsed = auth::iam::parse_resource_policy(document, resource_arn);
  if (!parsed) return invalid("Invalid policy document: " + parsed.error().message);
  return std::make_shared<const ResourcePolicy>(
      ResourcePolicy{.document = {.text = std::string(document), .parsed = *std::move(parsed)},
                     .revision_id = std::move(revision_id)});
}

// The clock alone could stand still, and the count alone begins anew with every table of the name.
std::string policy_revision_id(Clock::Millis now_ms, std::uint64_t table_revision) {
  return fmt::format("{}{:04}", now_ms, table_revision % 10'000);
}

Result<ResourcePolicyRef> find_resource_policy(const Services& services, const RequestContext& context,
                                               const PolicyResource& resource) {
  if (!resource.stream_label) {
    TRY_ASSIGN(const TableRef table, services.catalog.described_table(context.region, resource.table));
    return table->resource_policy;
  }
  const auto stream = services.catalog.find_stream(context.region, {resource.table, *resource.stream_label});
  if (!stream) return stream_not_found(resource);
  return stream->stream->resource_policy;
}

Result<void> check_expected_revision(const std::optional<std::string_view>& expected, const ResourcePolicyRef& current,
                                     const PolicyResource& resource) {
  constexpr std::string_view kNoPolicy = "NO_POLICY";
  if (!expected) return {};
  if (current == nullptr) {
    if (*expected == kNoPolicy) return {};
    return no_resource_policy(resource.arn);
  }
  if (*expected == current->revision_id) return {};
  constexpr std::string_view kNotFound = "Resource-based policy not found for the provided ResourceArn: ";
  if (*expected == kNoPolicy) {
    return fail(ErrorCode::kPolicyNotFound,
                fmt::format("{}Requested policy update expecting none to be present for {}, but a policy exists with "
                            "revision id {}.",
                            kNotFound, described(resource), current->revision_id));
  }
  return fail(ErrorCode::kPolicyNotFound,
              fmt::format("{}Requested update for policy with revision id {}, but the policy associated to target {} "
                          "has revision id {}.",
                          kNotFound, *expected, described(resource), current->revision_id));
}

Unexpected<Error> no_resource_policy(std::string_view arn) {
  return fail(ErrorCode::kPolicyNotFound,
              fmt::format("Resource-based policy not found for the provided ResourceArn: {}", arn));
}

Task<Result<void>> change_resource_policy(Services& services, const RequestContext& context,
                                          const PolicyResource& resource, const PolicyChange& change) {
  const Catalog::Change change_table = [&](const TableDefinition& current) -> Result<TableDefinition> {
    if (current.status != TableStatus::kUpdating) TRY(check_not_in_transition(current));
    TableDefinition changed = current;
    ResourcePolicyRef* const policy = place_of(resource, &changed);
    if (policy == nullptr) return stream_not_found(resource);
    TRY(change(current, policy));
    return changed;
  };
  CO_TRY(co_await services.catalog.update(context.region, resource.table, change_table));
  co_return Result<void>();
}

}  // namespace armature::api
