// Work that goes on beside requests: expiry, the building of indexes, trimming. Each job runs one step after another on
// an executor, with pauses, until it is stopped.
//
//   BackgroundRunner runner(&metrics);
//   runner.add(loops.next(), {.name = "expiry", .step = [&] { return expirer.step(); }});
//   ...
//   runner.stop();   // before what the steps use goes away
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/executor.h"
#include "base/expected.h"
#include "base/metrics.h"
#include "base/task.h"

namespace armature {

// How long a job waits before its next step, or what went wrong: then it is logged, and tried again after a pause that
// grows with every failure in a row, up to half a minute.
using StepResult = Expected<std::chrono::nanoseconds, std::string>;

struct BackgroundJob {
  std::string name;  // In logs, and the label `job` of the metrics.
  // A bounded piece of work: it ends within a second or so, for stop() waits for it, and does not keep the executor
  // from others for longer than a request does. What is left, the next step does.
  std::function<Task<StepResult>()> step;
};

// Thread-safe. The executors must run from add() until stop() has returned.
class BackgroundRunner {
 public:
  // Asked before every step; false: not now, ask again a second later. This is where servers that share one storage
  // take and renew the lease of a job, so that any of them does it and none twice. A server that is alone always may.
  using Lease = std::function<Task<bool>(std::string_view job)>;

  // `metrics` may be nullptr; it must outlive the runner.
  explicit BackgroundRunner(MetricsRegistry* metrics, Lease lease = {});
  ~BackgroundRunner();
  BackgroundRunner(const BackgroundRunner&) = delete;
  BackgroundRunner& operator=(const BackgroundRunner&) = delete;

  // Starts the job; its first step comes soon, never inside the call.
  void add(Executor& executor, BackgroundJob job);

  // Lets running steps end and starts no other. Blocks; not from an executor's thread. Idempotent.
  void stop();

 private:
  struct Running;

  static void begin_step(std::shared_ptr<Running> running);
  static Task<void> run_step(std::shared_ptr<Running> running);

  MetricsRegistry* const metrics_;
  const Lease lease_;
  std::vector<std::shared_ptr<Running>> jobs_;
};

}  // namespace armature
