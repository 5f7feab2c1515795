// Runs a workload against an endpoint and counts.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/expected.h"
#include "cmd/bench/latency_histogram.h"
#include "cmd/bench/workload.h"
#include "connector/connection.h"
#include "connector/dynamodb_client.h"

namespace armature::cmd {

struct LoadTarget {
  connector::Endpoint endpoint;
  connector::ClientIdentity identity;
  connector::ConnectionOptions connection;
  std::uint32_t connections = 1;
  std::uint32_t threads = 1;
  std::uint64_t seed = 1;
};

struct LoadSchedule {
  double warmup_seconds = 0;  // Not counted.
  double seconds = 10;
  double rate = 0;  // A second, all connections together; 0: closed loop.
  std::int64_t server_pid = 0;
};

struct LoadReport {
  double seconds = 0;
  LatencyHistogram latency;                     // Answered requests. With a rate, from the moment a request was due.
  std::map<std::string, std::uint64_t> errors;  // By error type; they are not in `latency`.
  double client_cpu_seconds = 0;
  double server_cpu_seconds = -1;  // Negative: not asked for.
};

// Makes the table and waits until it is ACTIVE, then fills it. `progress` is told how many items are in.
Expected<void, std::string> load_table(const LoadTarget& target, const Workload& workload,
                                       void (*progress)(std::uint64_t loaded, std::uint64_t items));
// Turns expiry on and waits until it is ENABLED.
Expected<void, std::string> enable_expiry(const LoadTarget& target, const Workload& workload);
Expected<void, std::string> delete_table(const LoadTarget& target, const Workload& workload);

Expected<LoadReport, std::string> run_load(const LoadTarget& target, const Workload& workload,
                                           const LoadSchedule& schedule);

}  // namespace armature::cmd
