// Source: API Reference, "UpdateTimeToLive".
#include <utility>

#include "api/dynamodb/tables/lifecycle.h"
#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/plan.h"
#include "api/dynamodb/tables/tables.h"

namespace armature::api {
namespace {

bool is_on(const TimeToLive& time_to_live) {
  return time_to_live.status == TimeToLiveStatus::kEnabled || time_to_live.status == TimeToLiveStatus::kEnabling;
}

// The order of checks is the service's: what makes no sense is told before what comes too soon.
Result<void> check_change(const TimeToLiveSpecification& wanted, const TimeToLive& current) {
  if (!is_on(current)) {
    if (!wanted.enabled) return invalid("TimeToLive is already disabled");
    return {};
  }
  if (current.attribute != wanted.attribute_name) {
    return invalid("TimeToLive is active on a different AttributeName: current AttributeName is " + current.attribute);
  }
  if (wanted.enabled) return invalid("TimeToLive is already enabled");
  return {};
}

}  // namespace

Result<TimeToLive> plan_time_to_live(const TimeToLiveSpecification& wanted, const TimeToLive& current,
                                     Clock::Millis now_ms, std::int64_t interval_ms) {
  TRY(check_change(wanted, current));
  const bool too_soon = current.changed_at_ms != 0 && now_ms - current.changed_at_ms < interval_ms;
  // Entries of the attribute that was may still be there.
  if (too_soon || current.status == TimeToLiveStatus::kDisabling) {
    return invalid("Time to live has been modified multiple times within a fixed interval");
  }
  return TimeToLive{.status = wanted.enabled ? TimeToLiveStatus::kEnabling : TimeToLiveStatus::kDisabling,
                    .attribute = std::string(wanted.attribute_name),
                    .changed_at_ms = now_ms,
                    .build = BuildPhase::kErasing,
                    .build_position = {}};
}

Task<Result<UpdateTimeToLiveResponse>> update_time_to_live(Services& services, RequestContext& context,
                                                           const UpdateTimeToLiveRequest& request) {
  CO_TRY_ASSIGN(const TableName name, named_table(request.table_name));
  CO_TRY(authorize(context, table_resource(context, request.table_name)));
  const Catalog::Change change = [&](const TableDefinition& current) -> Result<TableDefinition> {
    TRY(check_not_in_transition(current));
    TableDefinition changed = current;
    TRY_ASSIGN(changed.time_to_live,
               plan_time_to_live(request.time_to_live, current.time_to_live, services.clock.now_ms(),
                                 services.options.ttl_change_interval_ms));
    return changed;
  };
  CO_TRY(co_await services.catalog.update(context.region, name, change));
  co_return UpdateTimeToLiveResponse{.enabled = request.time_to_live.enabled,
                                     .attribute_name = std::string(request.time_to_live.attribute_name)};
}

void encode(const UpdateTimeToLiveResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("TimeToLiveSpecification");
  writer->begin_object();
  writer->member_bool("Enabled", response.enabled);
  writer->member("AttributeName", response.attribute_name);
  writer->end_object();
  writer->end_object();
}

}  // namespace armature::api
