#include <fmt/format.h>

#include "api/dynamodb/tables/index_plan.h"
#include "api/dynamodb/tables/key_plan.h"
#include "api/dynamodb/tables/plan.h"
#include "api/dynamodb/tables/settings_plan.h"
#include "api/dynamodb/tables/throughput_plan.h"

namespace armature::api {
namespace {

Result<void> refuse_unsupported(const CreateTableRequest& request) {
  const auto check = [](const std::optional<Unsupported>& member, std::string_view name) -> Result<void> {
    if (!member) return {};
    return invalid(fmt::format("One or more parameter values were invalid: {} is not supported", name));
  };
  TRY(check(request.global_table_source_arn, "GlobalTableSourceArn"));
  TRY(check(request.global_table_settings_replication_mode, "GlobalTableSettingsReplicationMode"));
  return check(request.vector_indexes, "VectorIndexes");
}

Result<void> plan_billing(const CreateTableRequest& request, const PlanContext& context, TableDefinition* table) {
  table->billing = request.billing_mode.value_or(BillingMode::kProvisioned);
  if (table->billing == BillingMode::kPayPerRequest) {
    if (request.provisioned_throughput) {
      return invalid(
          "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be "
          "specified "
          "when BillingMode is PAY_PER_REQUEST");
    }
    table->pay_per_request_since_ms = context.now_ms;
    if (request.on_demand_throughput) {
      TRY_ASSIGN(table->on_demand, plan_on_demand(*request.on_demand_throughput, {}, /*removable=*/false, {}));
    }
  } else {
    if (!request.provisioned_throughput) {
      return invalid(
          "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified "
          "when BillingMode is PROVISIONED");
    }
    if (request.on_demand_throughput) {
      return invalid(
          "One or more parameter values were invalid: OnDemandThroughput can only be specified when BillingMode is "
          "PAY_PER_REQUEST");
    }
    TRY_ASSIGN(table->throughput, plan_throughput(*request.provisioned_throughput, context));
  }
  if (request.warm_throughput) {
    TRY_ASSIGN(table->warm,
               plan_warm(*request.warm_throughput, default_warm_throughput(table->billing, table->throughput), {}));
  }
  return {};
}

Result<void> plan_local_indexes(const CreateTableRequest& request, TableDefinition* table) {
  if (!request.local_secondary_indexes) return {};
  if (request.local_secondary_indexes->empty()) {
    return invalid("One or more parameter values were invalid: List of LocalSecondaryIndexes is empty");
  }
  if (!table->key.has_sort_key()) {
    return invalid(
        "One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when "
        "specifying a LocalSecondaryIndex");
  }
  std::size_t position = 1;
  for (const LocalSecondaryIndexInput& input : *request.local_secondary_indexes) {
    TRY_ASSIGN(IndexDefinition index, plan_local_index(input, position++, *table));
    table->local_indexes.push_back(std::move(index));
  }
  return {};
}

Result<void> plan_global_indexes(const CreateTableRequest& request, const PlanContext& context,
                                 TableDefinition* table) {
  if (!request.global_secondary_indexes) return {};
  if (request.global_secondary_indexes->empty()) {
    return invalid("One or more parameter values were invalid: List of GlobalSecondaryIndexes is empty");
  }
  for (const GlobalSecondaryIndexInput& input : *request.global_secondary_indexes) {
    TRY_ASSIGN(IndexDefinition index, plan_global_index(input, *table, context));
    table->global_indexes.push_back(std::move(index));
  }
  return {};
}

Result<void> plan_settings(const CreateTableRequest& request, const PlanContext& context, TableDefinition* table) {
  if (request.stream_specification) TRY(plan_new_stream(*request.stream_specification, context, table));
  if (request.sse_specification) TRY(plan_encryption(*request.sse_specification, table));
  if (request.table_class) {
    table->table_class = *request.table_class;
    table->table_class_given = true;
  }
  table->deletion_protection = request.deletion_protection_enabled.value_or(false);
  if (request.tags) TRY(add_tags(*request.tags, &table->tags));
  return {};
}

}  // namespace

Result<TableDefinition> plan_create_table(const CreateTableRequest& request, const PlanContext& context) {
  TRY(refuse_unsupported(request));
  TableDefinition table;
  table.name = request.table_name;
  TRY(plan_billing(request, context, &table));
  TRY_ASSIGN(table.attribute_definitions, plan_attribute_definitions(request.attribute_definitions));
  // How many indexes there are bounds the work on each of them, so it is checked first.
  TRY(check_index_counts(request.local_secondary_indexes ? request.local_secondary_indexes->size() : 0,
                         request.global_secondary_indexes ? request.global_secondary_indexes->size() : 0));
  TRY_ASSIGN(table.key, plan_simple_key(request.key_schema, table.attribute_definitions, "keySchema"));
  TRY(plan_local_indexes(request, &table));
  TRY(plan_global_indexes(request, context, &table));
  TRY(check_indexes_together(table));
  TRY(check_definitions_are_used(table));
  TRY(plan_settings(request, context, &table));
  return table;
}

}  // namespace armature::api
