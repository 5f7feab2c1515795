// What is counted for each operation: requests, errors by type, latency, consumed capacity. Thread-safe; some
// nanoseconds each.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "api/operations.h"
#include "base/metrics.h"
#include "model/error.h"
#include "table/consumed_capacity.h"

namespace armature::api {

class OperationMetrics {
 public:
  // `registry` must outlive this.
  explicit OperationMetrics(MetricsRegistry* registry);

  // `operation` nullptr: the request named none that is known. `error` nullptr: it succeeded.
  void record(const Operation* operation, const ErrorCode* error, std::chrono::nanoseconds latency,
              const CapacityAmount& consumed);

 private:
  static constexpr std::size_t kErrorCodes = static_cast<std::size_t>(ErrorCode::kServiceUnavailable) + 1;

  struct PerOperation {
    std::string_view name;
    bool query = false;  // Of IAM or STS, which name errors otherwise.
    Counter* requests;
    Histogram* latency;
    Counter* read_half_units;
    Counter* write_half_units;
    // Made when first seen: most errors never happen.
    std::array<std::atomic<Counter*>, kErrorCodes> errors{};
  };

  std::unique_ptr<PerOperation> make(std::string_view name);
  PerOperation* find(const Operation* operation);
  Counter& error_counter(PerOperation* operation, ErrorCode code);

  MetricsRegistry* const registry_;
  // In the order of operations(); the last one is for unknown ones.
  std::vector<std::unique_ptr<PerOperation>> operations_;
  // In the order of query_operations(). Made when first seen, since most servers see few of them.
  std::vector<std::atomic<PerOperation*>> query_operations_;
  std::mutex made_mutex_;
  std::vector<std::unique_ptr<PerOperation>> made_;  // Guarded by made_mutex_: what query_operations_ points at.
};

}  // namespace armature::api
