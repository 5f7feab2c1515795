#include "api/dynamodb/table_access.h"

#include <utility>

#include "api/operations.h"

namespace armature::api {
namespace {

// PartiQL's operations stand for statements of both kinds.
UsageKind usage_kind(const RequestContext& context, std::string_view action) {
  const bool reads = context.operation->access == Access::kRead || action == "dynamodb:PartiQLSelect";
  return reads ? UsageKind::kRead : UsageKind::kWrite;
}

// The table, once it, or the index of it that is named, may be used. It is looked up once: what is done is done to the
// definition whose policy allowed it.
Result<TableRef> permitted_table(const Services& services, const RequestContext& context, std::string_view action,
                                 std::string_view name_or_arn, const std::optional<std::string_view>& index_name,
                                 FactSource facts) {
  const std::optional<TableName> name = parse_table_name(name_or_arn);
  TableRef table = name ? services.catalog.find(context.region, *name) : nullptr;
  const bool is_table = table != nullptr && !index_name;  // Its definition has the ARN.
  std::string made;
  if (index_name) made = index_resource(context, name_or_arn, *index_name);
  if (!index_name && table == nullptr) made = table_resource(context, name_or_arn);
  const std::string& resource_arn = is_table ? table->arn : made;
  TRY(authorize(context, {.action = action, .resource_arn = resource_arn, .table = table.get(), .facts = facts}));
  if (!name) return invalid("Invalid TableArn: Invalid ResourceArn provided as input " + std::string(name_or_arn));
  TRY_ASSIGN(TableRef active, active_table(std::move(table)));
  context.tables_reached.add(active, usage_kind(context, action));
  return active;
}

}  // namespace

Result<TableRef> data_table(const Services& services, const RequestContext& context, std::string_view name_or_arn,
                            FactSource facts) {
  return data_table(services, context, context.operation->action, name_or_arn, facts);
}

Result<TableRef> data_table(const Services& services, const RequestContext& context, std::string_view action,
                            std::string_view name_or_arn, FactSource facts) {
  return permitted_table(services, context, action, name_or_arn, std::nullopt, facts);
}

Result<ReadTarget> read_target(const Services& services, const RequestContext& context, std::string_view name_or_arn,
                               const std::optional<std::string_view>& index_name, FactSource facts) {
  return read_target(services, context, context.operation->action, name_or_arn, index_name, facts);
}

Result<ReadTarget> read_target(const Services& services, const RequestContext& context, std::string_view action,
                               std::string_view name_or_arn, const std::optional<std::string_view>& index_name,
                               FactSource facts) {
  ReadTarget target;
  if (!index_name) {
    TRY_ASSIGN(target.table, data_table(services, context, action, name_or_arn, facts));
    return target;
  }
  TRY_ASSIGN(target.table, permitted_table(services, context, action, name_or_arn, index_name, facts));
  target.index = target.table->find_index(*index_name);
  if (target.index == nullptr || target.index->status == IndexStatus::kDeleting) {
    return invalid("The table does not have the specified index: " + std::string(*index_name));
  }
  if (target.index->status == IndexStatus::kCreating) {
    return invalid("Cannot read from backfilling global secondary index: " + std::string(*index_name));
  }
  return target;
}

}  // namespace armature::api
