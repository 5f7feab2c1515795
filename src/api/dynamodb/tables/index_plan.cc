#include "api/dynamodb/tables/index_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "api/dynamodb/tables/key_plan.h"
#include "api/dynamodb/tables/throughput_plan.h"

namespace armature::api {
namespace {

// Source: Developer Guide, "Quotas in Amazon DynamoDB", "Secondary indexes per table", "Projected Secondary Index
// attributes".
constexpr std::size_t kMaxLocalIndexes = 5;
constexpr std::size_t kMaxGlobalIndexes = 20;
constexpr std::size_t kMaxProjectedAttributes = 100;

Result<void> plan_projection(const ProjectionInput& input, IndexDefinition* index) {
  if (!input.projection_type) return invalid("One or more parameter values were invalid: Unknown ProjectionType: null");
  index->projection = *input.projection_type;
  const bool include = index->projection == ProjectionType::kInclude;
  if (include && !input.non_key_attributes) {
    return invalid(
        "One or more parameter values were invalid: ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (!include && input.non_key_attributes) {
    return invalid(fmt::format(
        "One or more parameter values were invalid: ProjectionType is {}, but NonKeyAttributes is specified",
        enum_name(index->projection)));
  }
  if (!include) return {};
  for (const std::string_view name : *input.non_key_attributes) {
    if (std::ranges::find(index->non_key_attributes, name) != index->non_key_attributes.end()) {
      return invalid(fmt::format(
          "One or more parameter values were invalid: Duplicate attribute {} in NonKeyAttributes of index: {}", name,
          index->name));
    }
    index->non_key_attributes.emplace_back(name);
  }
  return {};
}

Result<void> plan_index_throughput(const GlobalSecondaryIndexInput& input, BillingMode billing,
                                   const PlanContext& context, IndexDefinition* index) {
  const ThroughputOwner owner{input.index_name};
  if (billing == BillingMode::kPayPerRequest) {
    if (input.provisioned_throughput) {
      return invalid(
          fmt::format("One or more parameter values were invalid: ProvisionedThroughput should not be "
                      "specified for index: {} when BillingMode is PAY_PER_REQUEST",
                      input.index_name));
    }
    if (input.on_demand_throughput) {
      TRY_ASSIGN(index->on_demand, plan_on_demand(*input.on_demand_throughput, {}, /*removable=*/false, owner));
    }
  } else {
    if (!input.provisioned_throughput) {
      return invalid(fmt::format(
          "One or more parameter values were invalid: ProvisionedThroughput must be specified for index: {}",
          input.index_name));
    }
    if (input.on_demand_throughput) {
      return invalid(
          fmt::format("One or more parameter values were invalid: OnDemandThroughput should not be specified "
                      "for index: {} when BillingMode is PROVISIONED",
                      input.index_name));
    }
    TRY_ASSIGN(index->throughput, plan_throughput(*input.provisioned_throughput, context));
  }
  if (input.warm_throughput) {
    TRY_ASSIGN(index->warm,
               plan_warm(*input.warm_throughput, default_warm_throughput(billing, index->throughput), owner));
  }
  return {};
}

}  // namespace

Result<IndexDefinition> plan_local_index(const LocalSecondaryIndexInput& input, std::size_t position,
                                         const TableDefinition& table) {
  IndexDefinition index;
  index.name = input.index_name;
  TRY_ASSIGN(index.key, plan_simple_key(input.key_schema, table.attribute_definitions,
                                        fmt::format("localSecondaryIndexes.{}.member.keySchema", position)));
  const std::string& index_key = index.key.partition[0].name;
  const std::string& table_key = table.key.partition[0].name;
  if (index_key != table_key) {
    return invalid(
        fmt::format("One or more parameter values were invalid: Index KeySchema does not have the same leading "
                    "hash key as table KeySchema for index: {}. index hash key: {}, table hash key: {}",
                    index.name, index_key, table_key));
  }
  if (!index.key.has_sort_key()) {
    return invalid(fmt::format(
        "One or more parameter values were invalid: Index KeySchema does not have a range key for index: {}",
        index.name));
  }
  TRY(plan_projection(input.projection, &index));
  return index;
}

Result<IndexDefinition> plan_global_index(const GlobalSecondaryIndexInput& input, const TableDefinition& table,
                                          const PlanContext& context) {
  IndexDefinition index;
  index.name = input.index_name;
  index.global = true;
  TRY_ASSIGN(index.key, plan_global_index_key(input.key_schema, table.attribute_definitions, input.index_name));
  TRY(plan_projection(input.projection, &index));
  TRY(plan_index_throughput(input, table.billing, context, &index));
  return index;
}

Result<void> check_index_counts(std::size_t local_indexes, std::size_t global_indexes) {
  if (local_indexes > kMaxLocalIndexes) {
    return invalid(fmt::format(
        "One or more parameter values were invalid: Number of LocalSecondaryIndexes exceeds per-table limit of {}",
        kMaxLocalIndexes));
  }
  if (global_indexes > kMaxGlobalIndexes) {
    return invalid(fmt::format(
        "One or more parameter values were invalid: GlobalSecondaryIndex count exceeds the per-table limit of {}",
        kMaxGlobalIndexes));
  }
  return {};
}

Result<void> check_indexes_together(const TableDefinition& table) {
  TRY(check_index_counts(table.local_indexes.size(), table.global_indexes.size()));
  std::set<std::string_view> names;
  std::size_t projected = 0;
  for (const auto* indexes : {&table.local_indexes, &table.global_indexes}) {
    for (const IndexDefinition& index : *indexes) {
      if (!names.insert(index.name).second) {
        return invalid(fmt::format("One or more parameter values were invalid: Duplicate index name: {}", index.name));
      }
      projected += index.non_key_attributes.size();
    }
  }
  if (projected > kMaxProjectedAttributes) {
    return invalid(
        fmt::format("One or more parameter values were invalid: Number of projected attributes over all "
                    "indexes, {}, exceeds the per-table limit of {}",
                    projected, kMaxProjectedAttributes));
  }
  return {};
}

}  // namespace armature::api
