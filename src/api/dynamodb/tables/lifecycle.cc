#include "api/dynamodb/tables/lifecycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "base/executor.h"
#include "base/log.h"
#include "base/task.h"

namespace armature::api {
namespace {

std::string_view what_happens_to(TableStatus status) {
  switch (status) {
    case TableStatus::kCreating: return "created";
    case TableStatus::kUpdating: return "updated";
    case TableStatus::kDeleting: return "deleted";
    case TableStatus::kActive: break;
  }
  return "used";
}

// Which table, whatever has happened to it meanwhile: its name may belong to another one by now.
struct TransitionOf {
  std::string region;
  std::string name;
  std::string id;
  TableStatus status;
};

// Says that there is nothing left to do; never reaches a client.
Unexpected<Error> no_longer_wanted() { return fail(ErrorCode::kResourceNotFound, "The table is another one by now"); }

bool is_wanted(const TransitionOf& transition, const TableDefinition& current) {
  return current.id == transition.id && current.status == transition.status;
}

Task<Result<TableRef>> finish(Services& services, const TransitionOf& transition) {
  const TableName name{{}, {}, transition.name};
  if (transition.status == TableStatus::kDeleting) {
    const Catalog::Check check = [&transition](const TableDefinition& current) -> Result<void> {
      if (!is_wanted(transition, current)) return no_longer_wanted();
      return {};
    };
    co_return co_await services.catalog.remove(transition.region, name, check);
  }
  const Catalog::Change settle = [&transition](const TableDefinition& current) -> Result<TableDefinition> {
    if (!is_wanted(transition, current)) return no_longer_wanted();
    return settled(current);
  };
  co_return co_await services.catalog.update(transition.region, name, settle);
}

Task<void> end_transition(Services& services, TransitionOf transition) {
  const Result<TableRef> result = co_await finish(services, transition);
  if (!result && result.error().code != ErrorCode::kResourceNotFound) {
    log(LogLevel::kError, "a table did not reach its next status",
        {{"table", transition.name}, {"region", transition.region}, {"error", result.error().message}});
  }
}

}  // namespace

Result<void> check_not_in_transition(const TableDefinition& table) {
  if (table.status == TableStatus::kActive) return {};
  return fail(ErrorCode::kResourceInUse,
              fmt::format("Attempt to change a resource which is still in use: Table is being {}: {}",
                          what_happens_to(table.status), table.name));
}

bool transitions_take_time(const Services& services) { return services.options.table_transition_ms > 0; }

void begin_transition(const Services& services, TableStatus status, TableDefinition* table) {
  if (transitions_take_time(services)) table->status = status;
}

TableDefinition settled(TableDefinition table) {
  table.status = table.status_of_index_work();
  return table;
}

void schedule_transition(Services& services, const TableDefinition& table) {
  if (table.status == TableStatus::kActive) return;
  TransitionOf transition{table.region, table.name, table.id, table.status};
  const std::chrono::milliseconds delay(std::max<std::int64_t>(services.options.table_transition_ms, 0));
  Executor::current()->post_after(
      delay, [&services, transition = std::move(transition)] { start(end_transition(services, transition)); });
}

void resume_transitions(Services& services) {
  for (const TableRef& table : services.catalog.all()) schedule_transition(services, *table);
}

}  // namespace armature::api
