#include "api/dynamodb/table_access.h"

#include "api/operations.h"

namespace armature::api {
namespace {

Result<TableRef> find_active(const Services& services, const RequestContext& context, std::string_view name_or_arn) {
  const std::optional<TableName> name = parse_table_name(name_or_arn);
  if (!name) return invalid("Invalid TableArn: Invalid ResourceArn provided as input " + std::string(name_or_arn));
  return services.catalog.active_table(context.region, *name);
}

}  // namespace

Result<TableRef> data_table(const Services& services, const RequestContext& context, std::string_view name_or_arn,
                            FactSource facts) {
  TRY(authorize(context, table_resource(context, name_or_arn), facts));
  return find_active(services, context, name_or_arn);
}

Result<TableRef> data_table(const Services& services, const RequestContext& context, std::string_view action,
                            std::string_view name_or_arn, FactSource facts) {
  TRY(authorize(context, action, table_resource(context, name_or_arn), facts));
  return find_active(services, context, name_or_arn);
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
  TRY(authorize(context, action, index_resource(context, name_or_arn, *index_name), facts));
  TRY_ASSIGN(target.table, find_active(services, context, name_or_arn));
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
