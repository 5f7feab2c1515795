#include "api/dynamodb/tables/naming.h"

#include <fmt/format.h>

namespace armature::api {

namespace {

Unexpected<Error> malformed_arn(std::string_view arn) {
  return invalid(fmt::format("Invalid TableArn: Invalid ResourceArn provided as input {}", arn));
}

}  // namespace

Result<TableName> named_table(std::string_view name_or_arn) {
  const std::optional<TableName> name = parse_table_name(name_or_arn);
  if (!name) return malformed_arn(name_or_arn);
  return *name;
}

Result<TableName> tagged_table(std::string_view arn) {
  if (!arn.starts_with("arn:")) return malformed_arn(arn);
  return named_table(arn);
}

PlanContext plan_context(const Services& services) {
  return {.now_ms = services.clock.now_ms(),
          .max_table_read_units = services.options.max_table_read_units,
          .max_table_write_units = services.options.max_table_write_units,
          .max_throughput_decreases_per_day = services.options.max_throughput_decreases_per_day};
}

}  // namespace armature::api
