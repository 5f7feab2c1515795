// Billing mode, provisioned throughput and the on-demand and warm figures of tables and global indexes.
// Source: Developer Guide, "Throughput capacity for reads and writes"; API Reference, "ProvisionedThroughput",
// "OnDemandThroughput", "WarmThroughput".
#pragma once

#include <optional>
#include <string_view>

#include "api/dynamodb/tables/plan.h"
#include "api/dynamodb/tables/requests.h"
#include "catalog/table_definition.h"
#include "model/error.h"

namespace armature::api {

// Whose throughput is meant, in error texts: the table's, or that of an index.
struct ThroughputOwner {
  std::optional<std::string_view> index_name = std::nullopt;
};

// The throughput a new table or index starts with.
Result<ProvisionedThroughput> plan_throughput(const ProvisionedThroughputInput& input, const PlanContext& context);

// Another throughput for what has `current` already: counts increases and decreases, of which there are only so many a
// day. Refuses a change that changes nothing.
Result<ProvisionedThroughput> plan_throughput_change(const ProvisionedThroughputInput& input,
                                                     const ProvisionedThroughput& current, ThroughputOwner owner,
                                                     const PlanContext& context);

// Members that are given replace those of `current`; where `removable`, -1 takes one away.
Result<OnDemandThroughput> plan_on_demand(const OnDemandThroughputInput& input, const OnDemandThroughput& current,
                                          bool removable, ThroughputOwner owner);

// What a table or index is warm for without asking: a fixed figure when billed per request, else what is provisioned.
WarmThroughput default_warm_throughput(BillingMode billing, const ProvisionedThroughput& throughput);

// Warm throughput only grows.
Result<WarmThroughput> plan_warm(const WarmThroughputInput& input, const WarmThroughput& current,
                                 ThroughputOwner owner);

}  // namespace armature::api
