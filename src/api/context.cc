#include "api/context.h"

#include "api/operations.h"
#include "api/services.h"
#include "catalog/table_definition.h"

namespace armature::api {

void TablesReached::add(const TableRef& table, UsageKind kind) {
  if (first_.table == nullptr) {
    first_ = {table, kind};
    return;
  }
  const auto merge = [&](Entry* entry) {
    // By their usage, as the definition may have changed in between.
    if (entry->table->usage != table->usage) return false;
    if (kind == UsageKind::kWrite) entry->kind = kind;
    return true;
  };
  if (merge(&first_)) return;
  for (Entry& entry : more_) {
    if (merge(&entry)) return;
  }
  more_.push_back({table, kind});
}

void TablesReached::count_request(bool failed) const {
  if (first_.table == nullptr) return;
  first_.table->usage->count_request(first_.kind, failed);
  for (const Entry& entry : more_) entry.table->usage->count_request(entry.kind, failed);
}

void RequestContext::consume(const TableDefinition& table, const CapacityAmount& amount) {
  consumed += amount;
  table.usage->count_capacity(amount.read_half_units, amount.write_half_units);
}

Result<void> authorize(const RequestContext& context, const AccessRequest& access) {
  context.authorization_asked = true;
  return context.authorizer->authorize(context, access);
}

Result<void> authorize(const RequestContext& context, std::string_view resource_arn, FactSource facts) {
  return authorize(context, context.operation->action, resource_arn, facts);
}

Result<void> authorize(const RequestContext& context, std::string_view action, std::string_view resource_arn,
                       FactSource facts) {
  return authorize(context, AccessRequest{.action = action, .resource_arn = resource_arn, .facts = facts});
}

void note_use(const Services& services, const auth::Authenticated& request, const auth::Identity& identity) {
  if (services.identities == nullptr || identity.kind == auth::PrincipalKind::kRoot) return;
  if (identity.kind == auth::PrincipalKind::kUser) {
    services.identities->note_use(identity.access_key_id, request.region, request.service);
  } else if (identity.type == auth::PrincipalType::kAssumedRole) {
    const std::string_view user_id = identity.user_id;
    services.identities->note_use(user_id.substr(0, user_id.find(':')), request.region, request.service);
  }
}

std::string table_resource(const RequestContext& context, std::string_view name_or_arn) {
  if (name_or_arn.starts_with("arn:")) return std::string(name_or_arn);
  return table_arn(context.region, context.account_id, name_or_arn);
}

std::string index_resource(const RequestContext& context, std::string_view table_name_or_arn,
                           std::string_view index_name) {
  return table_resource(context, table_name_or_arn).append("/index/").append(index_name);
}

}  // namespace armature::api
