#include "base/background.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include "base/log.h"

namespace armature {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::seconds kPauseWithoutLease{1};
constexpr std::chrono::milliseconds kFirstBackoff{100};
constexpr std::chrono::seconds kLongestBackoff{30};

}  // namespace

// Shared by the runner and by whatever timer or coroutine works for the job, so that each may go first.
struct BackgroundRunner::Running {
  BackgroundJob job;
  Executor* executor = nullptr;
  Lease lease;
  Histogram* step_time = nullptr;
  Counter* failures = nullptr;

  std::mutex mutex;
  std::condition_variable idle;
  bool in_step = false;  // Guarded by mutex.
  bool stopped = false;  // Guarded by mutex.

  nanoseconds backoff{0};  // The steps', one after another.

  nanoseconds pause_after(StepResult result) {
    if (result) {
      backoff = nanoseconds(0);
      return *result;
    }
    if (failures != nullptr) failures->add();
    log(LogLevel::kError, "background work failed", {{"job", job.name}, {"error", result.error()}});
    backoff = std::clamp<nanoseconds>(backoff * 2, kFirstBackoff, kLongestBackoff);
    return backoff;
  }
};

BackgroundRunner::BackgroundRunner(MetricsRegistry* metrics, Lease lease)
    : metrics_(metrics), lease_(std::move(lease)) {}

BackgroundRunner::~BackgroundRunner() { stop(); }

void BackgroundRunner::add(Executor& executor, BackgroundJob job) {
  auto running = std::make_shared<Running>();
  running->job = std::move(job);
  running->executor = &executor;
  running->lease = lease_;
  if (metrics_ != nullptr) {
    running->step_time = &metrics_->histogram("armature_background_step_seconds",
                                              "Time background jobs took for a step", {{"job", running->job.name}});
    running->failures = &metrics_->counter("armature_background_failures_total", "Steps of background jobs that failed",
                                           {{"job", running->job.name}});
  }
  jobs_.push_back(running);
  executor.post_after(nanoseconds(0), [running] { begin_step(running); });
}

void BackgroundRunner::begin_step(std::shared_ptr<Running> running) {
  {
    const std::lock_guard lock(running->mutex);
    if (running->stopped) return;
    running->in_step = true;
  }
  start(run_step(std::move(running)));
}

Task<void> BackgroundRunner::run_step(std::shared_ptr<Running> running) {
  StepResult result = nanoseconds(kPauseWithoutLease);
  try {
    bool may_run = true;
    if (running->lease) may_run = co_await running->lease(running->job.name);
    if (may_run) {
      const auto begin = std::chrono::steady_clock::now();
      result = co_await running->job.step();
      if (running->step_time != nullptr) running->step_time->observe(std::chrono::steady_clock::now() - begin);
    }
  } catch (const std::exception& exception) {
    result = Unexpected(std::string(exception.what()));
  }
  const nanoseconds pause = running->pause_after(std::move(result));
  Executor* const executor = running->executor;
  {
    // The executor may go away as soon as the lock is released on a stopped job.
    const std::lock_guard lock(running->mutex);
    running->in_step = false;
    if (!running->stopped) executor->post_after(pause, [running] { begin_step(running); });
    running->idle.notify_all();
  }
}

void BackgroundRunner::stop() {
  for (const auto& running : jobs_) {
    const std::lock_guard lock(running->mutex);
    running->stopped = true;
  }
  for (const auto& running : jobs_) {
    std::unique_lock lock(running->mutex);
    running->idle.wait(lock, [&] { return !running->in_step; });
  }
  jobs_.clear();
}

}  // namespace armature
