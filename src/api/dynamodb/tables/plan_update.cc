#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/dynamodb/tables/index_plan.h"
#include "api/dynamodb/tables/key_plan.h"
#include "api/dynamodb/tables/lifecycle.h"
#include "api/dynamodb/tables/plan.h"
#include "api/dynamodb/tables/settings_plan.h"
#include "api/dynamodb/tables/throughput_plan.h"

namespace armature::api {
namespace {

Result<void> refuse_unsupported(const UpdateTableRequest& request) {
  const auto check = [](const std::optional<Unsupported>& member, std::string_view name) -> Result<void> {
    if (!member) return {};
    return invalid(fmt::format("One or more parameter values were invalid: {} is not supported", name));
  };
  TRY(check(request.replica_updates, "ReplicaUpdates"));
  TRY(check(request.multi_region_consistency, "MultiRegionConsistency"));
  TRY(check(request.global_table_witness_updates, "GlobalTableWitnessUpdates"));
  TRY(check(request.global_table_settings_replication_mode, "GlobalTableSettingsReplicationMode"));
  TRY(check(request.vector_index_updates, "VectorIndexUpdates"));
  return check(request.disassociation_protection_enabled, "DisassociationProtectionEnabled");
}

bool asks_for_something(const UpdateTableRequest& request) {
  const bool index_updates = request.global_secondary_index_updates && !request.global_secondary_index_updates->empty();
  return index_updates || request.billing_mode || request.provisioned_throughput || request.stream_specification ||
         request.sse_specification || request.table_class || request.deletion_protection_enabled ||
         request.on_demand_throughput || request.warm_throughput;
}

std::string_view index_name(const GlobalSecondaryIndexUpdate& update) {
  if (update.create) return update.create->index_name;
  if (update.update) return update.update->index_name;
  return update.remove->index_name;
}

Unexpected<Error> too_many_index_changes() {
  return fail(ErrorCode::kLimitExceeded,
              "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table");
}

Result<void> check_index_updates(std::span<const GlobalSecondaryIndexUpdate> updates) {
  std::set<std::string_view> names;
  int created_or_deleted = 0;
  for (const GlobalSecondaryIndexUpdate& update : updates) {
    const int given = int{update.update.has_value()} + int{update.create.has_value()} + int{update.remove.has_value()};
    if (given == 0) {
      return invalid(
          "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, "
          "GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null");
    }
    if (given > 1) {
      return invalid(
          "One or more parameter values were invalid: Only one of GlobalSecondaryIndexUpdate.Update, "
          "GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete can be specified");
    }
    if (!names.insert(index_name(update)).second) {
      return invalid(
          fmt::format("One or more parameter values were invalid: Only one global secondary index update per "
                      "index is allowed simultaneously. Index: {}",
                      index_name(update)));
    }
    if (!update.update) ++created_or_deleted;
  }
  if (created_or_deleted > 1) return too_many_index_changes();
  return {};
}

IndexDefinition* find_global_index(TableDefinition* table, std::string_view name) {
  const auto found = std::ranges::find(table->global_indexes, name, &IndexDefinition::name);
  return found == table->global_indexes.end() ? nullptr : &*found;
}

bool is_local_index(const TableDefinition& table, std::string_view name) {
  return std::ranges::find(table.local_indexes, name, &IndexDefinition::name) != table.local_indexes.end();
}

Unexpected<Error> missing_index(const TableDefinition& table, std::string_view name) {
  if (is_local_index(table, name)) {
    return invalid(
        fmt::format("One or more parameter values were invalid: Local secondary indexes cannot be changed or "
                    "deleted. Index: {}",
                    name));
  }
  return fail(ErrorCode::kResourceNotFound, fmt::format("Requested resource not found: Index: {} not found", name));
}

// To PAY_PER_REQUEST: nothing is provisioned any more. To PROVISIONED: nothing is capped any more, and everything needs
// units, which the rest of the request brings.
void switch_billing(BillingMode billing, const PlanContext& context, TableDefinition* table) {
  table->billing = billing;
  if (billing == BillingMode::kPayPerRequest) table->pay_per_request_since_ms = context.now_ms;
  const auto reset = [billing](ProvisionedThroughput* throughput, OnDemandThroughput* on_demand) {
    if (billing == BillingMode::kPayPerRequest) {
      throughput->read_units = throughput->write_units = 0;
    } else {
      *on_demand = {};
    }
  };
  reset(&table->throughput, &table->on_demand);
  for (IndexDefinition& index : table->global_indexes) reset(&index.throughput, &index.on_demand);
}

// `switched`: the billing mode has just become PROVISIONED, so there is nothing to compare with.
Result<ProvisionedThroughput> changed_throughput(const ProvisionedThroughputInput& input,
                                                 const ProvisionedThroughput& current, bool switched,
                                                 ThroughputOwner owner, const PlanContext& context) {
  if (!switched) return plan_throughput_change(input, current, owner, context);
  TRY_ASSIGN(ProvisionedThroughput changed, plan_throughput(input, context));
  changed.last_increase_ms = context.now_ms;
  changed.last_decrease_ms = current.last_decrease_ms;
  changed.decreases_today = current.decreases_today;
  return changed;
}

Result<void> change_table_throughput(const UpdateTableRequest& request, bool switched, const PlanContext& context,
                                     TableDefinition* table) {
  const bool on_demand = table->billing == BillingMode::kPayPerRequest;
  if (request.provisioned_throughput) {
    if (on_demand) {
      return invalid(
          "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be "
          "specified "
          "when BillingMode is PAY_PER_REQUEST");
    }
    TRY_ASSIGN(table->throughput,
               changed_throughput(*request.provisioned_throughput, table->throughput, switched, {}, context));
  }
  if (request.on_demand_throughput) {
    if (!on_demand) {
      return invalid(
          "One or more parameter values were invalid: OnDemandThroughput can only be specified when BillingMode is "
          "PAY_PER_REQUEST");
    }
    TRY_ASSIGN(table->on_demand,
               plan_on_demand(*request.on_demand_throughput, table->on_demand, /*removable=*/true, {}));
  }
  if (request.warm_throughput) {
    const WarmThroughput current = table->warm.value_or(default_warm_throughput(table->billing, table->throughput));
    TRY_ASSIGN(table->warm, plan_warm(*request.warm_throughput, current, {}));
  }
  return {};
}

Result<void> update_index(const UpdateGlobalSecondaryIndexAction& update, bool switched, const PlanContext& context,
                          TableDefinition* table) {
  IndexDefinition* const index = find_global_index(table, update.index_name);
  if (index == nullptr) return missing_index(*table, update.index_name);
  const ThroughputOwner owner{update.index_name};
  const bool on_demand = table->billing == BillingMode::kPayPerRequest;
  if (!update.provisioned_throughput && !update.on_demand_throughput && !update.warm_throughput) {
    return invalid(
        fmt::format("One or more parameter values were invalid: ProvisionedThroughput must be specified for index: {}",
                    update.index_name));
  }
  if (update.provisioned_throughput) {
    if (on_demand) {
      return invalid(
          fmt::format("One or more parameter values were invalid: ProvisionedThroughput should not be "
                      "specified for index: {} when BillingMode is PAY_PER_REQUEST",
                      update.index_name));
    }
    TRY_ASSIGN(index->throughput,
               changed_throughput(*update.provisioned_throughput, index->throughput, switched, owner, context));
  }
  if (update.on_demand_throughput) {
    if (!on_demand) {
      return invalid(
          fmt::format("One or more parameter values were invalid: OnDemandThroughput should not be specified "
                      "for index: {} when BillingMode is PROVISIONED",
                      update.index_name));
    }
    TRY_ASSIGN(index->on_demand,
               plan_on_demand(*update.on_demand_throughput, index->on_demand, /*removable=*/true, owner));
  }
  if (update.warm_throughput) {
    const WarmThroughput current = index->warm.value_or(default_warm_throughput(table->billing, index->throughput));
    TRY_ASSIGN(index->warm, plan_warm(*update.warm_throughput, current, owner));
  }
  return {};
}

// The definitions the new index is planned with are the request's own, so it must name its keys even if the table knows
// them. One that says otherwise than the table is an error only if the new index uses it; then it is forgotten.
Result<void> merge_definitions(const IndexDefinition& created, TableDefinition* table) {
  for (const auto* part : {&created.key.partition, &created.key.sort}) {
    for (const KeyAttribute& attribute : *part) {
      const auto known = std::ranges::find(table->attribute_definitions, attribute.name, &KeyAttribute::name);
      if (known == table->attribute_definitions.end()) {
        table->attribute_definitions.push_back(attribute);
      } else if (known->type != attribute.type) {
        return invalid(
            fmt::format("One or more parameter values were invalid: Attributes cannot be redefined. Please "
                        "check that your attribute has the same type as previously defined. Attribute: {}",
                        attribute.name));
      }
    }
  }
  return {};
}

Result<void> create_index(const GlobalSecondaryIndexInput& create, const UpdateTableRequest& request,
                          const PlanContext& context, TableDefinition* table) {
  if (find_global_index(table, create.index_name) != nullptr || is_local_index(*table, create.index_name)) {
    return invalid("Attempting to create an index which already exists");
  }
  TableDefinition as_requested;
  as_requested.billing = table->billing;
  TRY_ASSIGN(as_requested.attribute_definitions, plan_attribute_definitions(request.attribute_definitions));
  TRY_ASSIGN(IndexDefinition index, plan_global_index(create, as_requested, context));
  TRY(merge_definitions(index, table));
  index.status = IndexStatus::kCreating;
  index.build = BuildPhase::kErasing;
  table->global_indexes.push_back(std::move(index));
  table->status = TableStatus::kUpdating;
  return check_indexes_together(*table);
}

Result<void> delete_index(const DeleteGlobalSecondaryIndexAction& remove, TableDefinition* table) {
  IndexDefinition* const index = find_global_index(table, remove.index_name);
  if (index == nullptr) return missing_index(*table, remove.index_name);
  index->status = IndexStatus::kDeleting;
  index->build = BuildPhase::kDone;
  index->build_position.clear();
  table->status = TableStatus::kUpdating;
  return {};
}

// A table that becomes PROVISIONED needs units for every index.
Result<void> check_every_index_has_units(const TableDefinition& table) {
  for (const IndexDefinition& index : table.global_indexes) {
    if (index.throughput.read_units != 0 || index.status == IndexStatus::kDeleting) continue;
    return invalid(
        fmt::format("One or more parameter values were invalid: ProvisionedThroughput must be specified for index: {}",
                    index.name));
  }
  return {};
}

Result<void> change_settings(const UpdateTableRequest& request, const PlanContext& context, TableDefinition* table) {
  if (request.stream_specification) TRY(plan_stream_change(*request.stream_specification, context, table));
  if (request.sse_specification) TRY(plan_encryption(*request.sse_specification, table));
  if (request.table_class) {
    if (table->table_class != *request.table_class) table->table_class_changed_ms = context.now_ms;
    table->table_class = *request.table_class;
    table->table_class_given = true;
  }
  if (request.deletion_protection_enabled) table->deletion_protection = *request.deletion_protection_enabled;
  return {};
}

}  // namespace

Result<void> check_may_update(const UpdateTableRequest& request, const TableDefinition& current) {
  const bool index_work = current.status_of_index_work() == TableStatus::kUpdating;
  if (current.status != TableStatus::kUpdating || !index_work) return check_not_in_transition(current);
  if (!request.global_secondary_index_updates) return check_not_in_transition(current);
  for (const GlobalSecondaryIndexUpdate& update : *request.global_secondary_index_updates) {
    if (update.create) return too_many_index_changes();
    if (!update.remove) continue;
    const IndexDefinition* const index = current.find_index(update.remove->index_name);
    const bool being_built = index != nullptr && index->status == IndexStatus::kCreating;
    if (!being_built) return too_many_index_changes();
    if (index->build == BuildPhase::kFilling) return {};
  }
  return check_not_in_transition(current);
}

Result<void> check_update_table(const UpdateTableRequest& request) {
  TRY(refuse_unsupported(request));
  if (!asks_for_something(request)) {
    return invalid(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
        "SSESpecification or ReplicaUpdates is required");
  }
  if (request.billing_mode == BillingMode::kPayPerRequest && request.provisioned_throughput) {
    return invalid(
        "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
        "when BillingMode is PAY_PER_REQUEST");
  }
  if (request.billing_mode == BillingMode::kProvisioned && !request.provisioned_throughput) {
    return invalid(
        "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified "
        "when "
        "BillingMode is PROVISIONED");
  }
  if (!request.global_secondary_index_updates) return {};
  return check_index_updates(*request.global_secondary_index_updates);
}

Result<TableDefinition> plan_update_table(const UpdateTableRequest& request, const TableDefinition& current,
                                          const PlanContext& context) {
  TRY(check_update_table(request));
  TableDefinition table = current;
  const bool switched = request.billing_mode && *request.billing_mode != current.billing;
  if (switched) switch_billing(*request.billing_mode, context, &table);
  TRY(change_table_throughput(request, switched, context, &table));
  if (request.global_secondary_index_updates) {
    for (const GlobalSecondaryIndexUpdate& update : *request.global_secondary_index_updates) {
      if (update.update) TRY(update_index(*update.update, switched, context, &table));
      if (update.create) TRY(create_index(*update.create, request, context, &table));
      if (update.remove) TRY(delete_index(*update.remove, &table));
    }
  }
  if (table.billing == BillingMode::kProvisioned) TRY(check_every_index_has_units(table));
  TRY(change_settings(request, context, &table));
  return table;
}

}  // namespace armature::api
