#include "api/dynamodb/tables/throughput_plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace armature::api {
namespace {

constexpr Clock::Millis kHourMs = 3'600'000;
constexpr Clock::Millis kDayMs = 24 * kHourMs;
constexpr std::int64_t kLargestUnits = 1'000'000'000'000;
constexpr WarmThroughput kOnDemandWarmThroughput{12'000, 4'000};

std::string printed(ThroughputOwner owner) {
  return owner.index_name ? fmt::format("index {}", *owner.index_name) : std::string("table");
}

Result<void> check_units(std::int64_t units, std::string_view member, std::int64_t most) {
  if (units > kLargestUnits) {
    return invalid(fmt::format("Given value {} for {} is out of bounds", units, member));
  }
  if (units > most) {
    return fail(ErrorCode::kLimitExceeded,
                fmt::format("Subscriber limit exceeded: {} of {} exceeds the limit of {} for a table or index", member,
                            units, most));
  }
  return {};
}

Result<void> check_units(const ProvisionedThroughputInput& input, const PlanContext& context) {
  TRY(check_units(input.read_capacity_units, "ReadCapacityUnits", context.max_table_read_units));
  return check_units(input.write_capacity_units, "WriteCapacityUnits", context.max_table_write_units);
}

Error unchanged(const ProvisionedThroughput& current, ThroughputOwner owner) {
  const std::string_view kind = owner.index_name ? "index" : "table";
  const std::string whose = owner.index_name ? printed(owner) : "table";
  return {
      ErrorCode::kValidation,
      fmt::format("The provisioned throughput for the {} will not change. The requested value equals the current "
                  "value. Current ReadCapacityUnits provisioned for the {}: {}. Requested ReadCapacityUnits: {}. "
                  "Current WriteCapacityUnits provisioned for the {}: {}. Requested WriteCapacityUnits: {}. Refer "
                  "to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
                  whose, kind, current.read_units, current.read_units, kind, current.write_units, current.write_units),
      {}};
}

// Source: Developer Guide, "Quotas in Amazon DynamoDB", "Decreasing provisioned throughput".
Result<std::int64_t> count_decrease(const ProvisionedThroughput& current, const PlanContext& context) {
  const bool same_day = current.last_decrease_ms / kDayMs == context.now_ms / kDayMs;
  const std::int64_t today = same_day ? current.decreases_today : 0;
  if (today >= context.max_throughput_decreases_per_day && context.now_ms - current.last_decrease_ms < kHourMs) {
    return fail(
        ErrorCode::kLimitExceeded,
        fmt::format("Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC "
                    "day. After the first {} decreases, each subsequent decrease in the same UTC day can be "
                    "performed at most once every 3600 seconds. Number of decreases today: {}.",
                    context.max_throughput_decreases_per_day, today));
  }
  return today + 1;
}

Result<void> merge_ceiling(const std::optional<std::int64_t>& given, bool removable, std::string_view member,
                           ThroughputOwner owner, std::optional<std::int64_t>* ceiling) {
  if (!given) return {};
  if (*given == -1 && removable) {
    ceiling->reset();
    return {};
  }
  if (*given < 1) {
    return invalid(
        fmt::format("One or more parameter values were invalid: Requested {} for OnDemandThroughput for {} is "
                    "outside of valid range",
                    member, printed(owner)));
  }
  *ceiling = *given;
  return {};
}

Result<void> raise(const std::optional<std::int64_t>& given, std::string_view member, ThroughputOwner owner,
                   std::int64_t* units) {
  if (!given) return {};
  if (*given < *units) {
    return invalid(
        fmt::format("One or more parameter values were invalid: Requested {} for WarmThroughput for {} is "
                    "lower than current WarmThroughput, decreasing WarmThroughput is not supported",
                    member, printed(owner)));
  }
  *units = *given;
  return {};
}

}  // namespace

Result<ProvisionedThroughput> plan_throughput(const ProvisionedThroughputInput& input, const PlanContext& context) {
  TRY(check_units(input, context));
  return ProvisionedThroughput{.read_units = input.read_capacity_units, .write_units = input.write_capacity_units};
}

Result<ProvisionedThroughput> plan_throughput_change(const ProvisionedThroughputInput& input,
                                                     const ProvisionedThroughput& current, ThroughputOwner owner,
                                                     const PlanContext& context) {
  TRY(check_units(input, context));
  const std::int64_t read_units = input.read_capacity_units;
  const std::int64_t write_units = input.write_capacity_units;
  if (read_units == current.read_units && write_units == current.write_units) {
    return Unexpected(unchanged(current, owner));
  }
  ProvisionedThroughput changed = current;
  changed.read_units = read_units;
  changed.write_units = write_units;
  if (read_units > current.read_units || write_units > current.write_units) changed.last_increase_ms = context.now_ms;
  if (read_units < current.read_units || write_units < current.write_units) {
    TRY_ASSIGN(changed.decreases_today, count_decrease(current, context));
    changed.last_decrease_ms = context.now_ms;
  }
  return changed;
}

Result<OnDemandThroughput> plan_on_demand(const OnDemandThroughputInput& input, const OnDemandThroughput& current,
                                          bool removable, ThroughputOwner owner) {
  OnDemandThroughput merged = current;
  TRY(merge_ceiling(input.max_read_request_units, removable, "MaxReadRequestUnits", owner, &merged.max_read_units));
  TRY(merge_ceiling(input.max_write_request_units, removable, "MaxWriteRequestUnits", owner, &merged.max_write_units));
  return merged;
}

WarmThroughput default_warm_throughput(BillingMode billing, const ProvisionedThroughput& throughput) {
  if (billing == BillingMode::kPayPerRequest) return kOnDemandWarmThroughput;
  return {throughput.read_units, throughput.write_units};
}

Result<WarmThroughput> plan_warm(const WarmThroughputInput& input, const WarmThroughput& current,
                                 ThroughputOwner owner) {
  WarmThroughput raised = current;
  TRY(raise(input.read_units_per_second, "ReadUnitsPerSecond", owner, &raised.read_units_per_second));
  TRY(raise(input.write_units_per_second, "WriteUnitsPerSecond", owner, &raised.write_units_per_second));
  return raised;
}

}  // namespace armature::api
