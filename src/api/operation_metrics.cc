#include "api/operation_metrics.h"

#include <functional>

#include "api/query_error.h"
#include "api/query_operations.h"
#include "api/wire_error.h"

namespace armature::api {

OperationMetrics::OperationMetrics(MetricsRegistry* registry)
    : registry_(registry), query_operations_(query_operations().size()) {
  for (const Operation& operation : operations()) operations_.push_back(make(operation.name()));
  operations_.push_back(make("unknown"));
}

std::unique_ptr<OperationMetrics::PerOperation> OperationMetrics::make(std::string_view name) {
  auto made = std::make_unique<PerOperation>();
  made->name = name;
  made->requests = &registry_->counter("armature_requests_total", "Requests answered.", {{"operation", name}});
  made->latency =
      &registry_->histogram("armature_request_duration_seconds",
                            "Time from the whole request read to its answer formed.", {{"operation", name}});
  made->read_half_units = &registry_->counter("armature_consumed_read_half_units_total",
                                              "Read capacity consumed, in half units.", {{"operation", name}});
  made->write_half_units = &registry_->counter("armature_consumed_write_half_units_total",
                                               "Write capacity consumed, in half units.", {{"operation", name}});
  return made;
}

Counter& OperationMetrics::error_counter(PerOperation* operation, ErrorCode code) {
  std::atomic<Counter*>& slot = operation->errors[static_cast<std::size_t>(code)];
  Counter* counter = slot.load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Two threads may both come here; the registry gives them the same counter.
    const std::string_view error = operation->query ? query_error(code).code : wire_error(code).name();
    counter = &registry_->counter("armature_request_errors_total", "Requests answered with an error.",
                                  {{"operation", operation->name}, {"error", error}});
    slot.store(counter, std::memory_order_release);
  }
  return *counter;
}

OperationMetrics::PerOperation* OperationMetrics::find(const Operation* operation) {
  if (operation == nullptr) return operations_.back().get();
  const std::span<const Operation> rows = operations();
  if (!std::less<>()(operation, rows.data()) && std::less<>()(operation, rows.data() + rows.size())) {
    return operations_[static_cast<std::size_t>(operation - rows.data())].get();
  }
  const auto index =
      static_cast<std::size_t>(static_cast<const QueryOperation*>(operation) - query_operations().data());
  std::atomic<PerOperation*>& slot = query_operations_[index];
  if (PerOperation* const made = slot.load(std::memory_order_acquire)) return made;
  const std::lock_guard lock(made_mutex_);
  if (PerOperation* const made = slot.load(std::memory_order_relaxed)) return made;
  made_.push_back(make(operation->name()));
  made_.back()->query = true;
  slot.store(made_.back().get(), std::memory_order_release);
  return made_.back().get();
}

void OperationMetrics::record(const Operation* operation, const ErrorCode* error, std::chrono::nanoseconds latency,
                              const CapacityAmount& consumed) {
  PerOperation* const metrics = find(operation);
  metrics->requests->add();
  metrics->latency->observe(latency);
  if (consumed.read_half_units > 0) metrics->read_half_units->add(static_cast<std::uint64_t>(consumed.read_half_units));
  if (consumed.write_half_units > 0)
    metrics->write_half_units->add(static_cast<std::uint64_t>(consumed.write_half_units));
  if (error != nullptr) error_counter(metrics, *error).add();
}

}  // namespace armature::api
