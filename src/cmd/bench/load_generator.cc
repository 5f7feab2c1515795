#include "cmd/bench/load_generator.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

#include "cmd/bench/stream_reader.h"
#include "connector/client_loop.h"
#include "wire/json.h"

namespace armature::cmd {
namespace {

using connector::ClientLoop;
using connector::DynamoDbClient;
using SteadyClock = std::chrono::steady_clock;
using Time = SteadyClock::time_point;

constexpr std::uint64_t kBatchItems = 25;
constexpr int kMostTries = 200;
constexpr std::chrono::milliseconds kBetweenPolls{5};
constexpr std::string_view kBarePath = "/debug/bare";

const SystemClock system_clock;

std::unique_ptr<DynamoDbClient> new_client(const LoadTarget& target, ClientLoop* loop) {
  return std::make_unique<DynamoDbClient>(loop, &target.endpoint, &target.identity, &system_clock, target.connection);
}

// The error type of an error reply, without its namespace.
std::string error_type(std::string_view body) {
  Arena arena;
  const auto json = wire::parse_json(body, &arena);
  if (!json) return "unreadable reply";
  const wire::Json* type = (*json)->find("__type");
  if (type == nullptr || !type->is(wire::Json::Kind::kString)) return "unreadable reply";
  return std::string(type->text.substr(type->text.find('#') + 1));
}

// The JSON text of the member `name` of the reply, cut out by its braces; empty when absent. Scans need the key they
// continue from, and nothing else of the reply.
std::string_view object_member(std::string_view body, std::string_view name) {
  const std::size_t at = body.rfind(name);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = body.find('{', at);
  if (begin == std::string_view::npos) return {};
  int depth = 0;
  for (std::size_t i = begin; i < body.size(); ++i) {
    if (body[i] == '{') ++depth;
    if (body[i] == '}' && --depth == 0) return body.substr(begin, i + 1 - begin);
  }
  return {};
}

// User and system time of a process, from /proc.
double process_cpu_seconds(std::int64_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text((std::istreambuf_iterator<char>(file)), {});
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return -1;
  std::istringstream fields(text.substr(name_end + 2));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Has this thread wait for its turn when something to do comes, instead of taking the core from whoever runs there. On
// a core that it shares with the server it would otherwise stop the server at every second answer to read it, and a
// third of its time would go into falling asleep and waking up.
void take_turns() {
  const sched_param no_priority{};
  // Without it the figures are lower, and as true.
  static_cast<void>(sched_setscheduler(0, SCHED_BATCH, &no_priority));
}

// Runs `body(loop, first_connection, count)` on `threads` threads, sharing the connections out.
void on_threads(const LoadTarget& target, bool throughput_counts,
                const std::function<Task<void>(ClientLoop*, std::uint32_t, std::uint32_t)>& body) {
  const std::uint32_t threads = std::min(target.threads, target.connections);
  std::vector<std::thread> running;
  for (std::uint32_t thread = 0; thread < threads; ++thread) {
    const std::uint32_t first = target.connections * thread / threads;
    const std::uint32_t last = target.connections * (thread + 1) / threads;
    running.emplace_back([&, first, last] {
      if (throughput_counts) take_turns();
      ClientLoop loop;
      loop.run(body(&loop, first, last - first));
    });
  }
  for (std::thread& thread : running) thread.join();
}

// Starts every task and waits for all of them.
class AllOf {
 public:
  explicit AllOf(std::vector<Task<void>> tasks) : tasks_(std::move(tasks)), left_(tasks_.size()) {}
  bool await_ready() const { return tasks_.empty(); }
  void await_suspend(std::coroutine_handle<> handle) {
    for (Task<void>& task : tasks_) {
      start(std::move(task), [this, handle] {
        if (--left_ == 0) Executor::current()->post(handle);
      });
    }
  }
  void await_resume() const {}

 private:
  std::vector<Task<void>> tasks_;
  std::size_t left_;
};

// One call that must succeed; throttled and conflicting ones are tried again.
Task<Expected<std::string, std::string>> must_call(DynamoDbClient* client, std::string_view operation, Bytes body) {
  std::string last;
  for (int attempt = 0; attempt < kMostTries; ++attempt) {
    auto reply = co_await client->call(operation, body);
    if (reply && (*reply)->status == 200) co_return std::string((*reply)->body);
    last = reply ? (*reply)->body : reply.error().message;
    const bool again = !reply || (*reply)->status >= 500 || last.find("Throughput") != std::string::npos ||
                       last.find("Throttling") != std::string::npos;
    if (!again || (!reply && reply.error().code == connector::TransportErrorCode::kRefused)) break;
    co_await SleepFor(std::chrono::milliseconds(20));
  }
  co_return Unexpected(fmt::format("{} failed: {}", operation, last));
}

Task<Expected<void, std::string>> create_table(DynamoDbClient* client, const Workload& workload) {
  auto created = co_await must_call(client, "CreateTable", workload.create_table_body());
  if (!created && created.error().find("ResourceInUse") == std::string::npos) {
    co_return Unexpected(std::move(created).error());
  }
  for (int attempt = 0; attempt < kMostTries; ++attempt) {
    auto described = co_await must_call(client, "DescribeTable", workload.table_name_body());
    if (!described) co_return Unexpected(std::move(described).error());
    if (described->find("\"ACTIVE\"") != std::string::npos) co_return Expected<void, std::string>();
    co_await SleepFor(std::chrono::milliseconds(100));
  }
  co_return Unexpected(std::string("the table does not become ACTIVE"));
}

// Shared by the loading connections.
struct LoadState {
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> loaded{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::string error;  // Guarded by mutex.

  void fail(std::string what) {
    const std::lock_guard lock(mutex);
    if (!failed.exchange(true)) error = std::move(what);
  }
};

Task<void> load_items(const LoadTarget& target, const Workload& workload, ClientLoop* loop, std::uint32_t connection,
                      LoadState* state) {
  const auto client = new_client(target, loop);
  SeededRandom random(target.seed * 1000 + connection);
  const std::uint64_t items = workload.options().items;
  while (!state->failed) {
    const std::uint64_t first = state->next.fetch_add(kBatchItems);
    if (first >= items) break;
    const std::uint64_t count = std::min(kBatchItems, items - first);
    const Bytes body = workload.load_body(first, count, &random);
    auto reply = co_await must_call(client.get(), "BatchWriteItem", body);
    // What was throttled is simply sent again with the rest of its batch.
    for (int attempt = 0; reply && reply->find(R"("UnprocessedItems":{})") == std::string::npos && attempt < kMostTries;
         ++attempt) {
      co_await SleepFor(std::chrono::milliseconds(20));
      reply = co_await must_call(client.get(), "BatchWriteItem", body);
    }
    if (!reply) {
      state->fail(std::move(reply).error());
      break;
    }
    state->loaded += count;
  }
}

// What one thread counts.
struct ThreadCount {
  LatencyHistogram latency;
  std::map<std::string, std::uint64_t> errors;
};

struct RunPlan {
  Time start;
  Time count_from;
  Time end;
  std::chrono::nanoseconds interval{0};  // Of one connection; 0: closed loop.
  std::uint32_t connections = 0;
};

class LoadConnection {
 public:
  LoadConnection(const LoadTarget& target, const Workload& workload, const RunPlan& plan, ClientLoop* loop,
                 std::uint32_t number, ThreadCount* count)
      : workload_(workload),
        plan_(plan),
        number_(number),
        client_(new_client(target, loop)),
        random_(target.seed * 1'000'003 + number),
        count_(count) {}

  Task<void> run() {
    if (workload_.options().mix == Mix::kStream && number_ == 0) {
      co_await read_stream();
      co_return;
    }
    // Connections start spread over one interval, as independent users would.
    Time due = plan_.start + plan_.interval * number_ / std::max<std::uint32_t>(1, plan_.connections);
    while (true) {
      if (plan_.interval.count() > 0) {
        const Time now = SteadyClock::now();
        if (due > now) co_await SleepFor(due - now);
      } else {
        due = SteadyClock::now();
      }
      if (due >= plan_.end) break;
      const bool answered = co_await one_request();
      const Time done = SteadyClock::now();
      // From when the request was due: a server that falls behind makes its own queue visible.
      if (answered && due >= plan_.count_from && workload_.options().mix != Mix::kStream) {
        count_->latency.record(static_cast<std::uint64_t>((done - due).count()));
      }
      due += plan_.interval;
    }
  }

 private:
  // Goes on for a moment after the last write, which is to be seen too.
  Task<void> read_stream() {
    constexpr std::chrono::seconds kAfterTheEnd{1};
    StreamReader reader(client_.get(), workload_.options().table, plan_.count_from, &count_->latency);
    auto read = co_await reader.begin();
    while (read && SteadyClock::now() < plan_.end + kAfterTheEnd) {
      read = co_await reader.poll();
      co_await SleepFor(kBetweenPolls);
    }
    if (!read) ++count_->errors[read.error()];
  }

  Task<bool> one_request() {
    if (workload_.options().mix == Mix::kBare) co_return note(co_await client_->get(kBarePath));
    workload_.next(&random_, number_, plan_.connections, start_key_, &request_);
    auto reply = co_await client_->call(request_.operation, request_.body);
    if (workload_.options().mix == Mix::kScan && reply) start_key_ = object_member((*reply)->body, "LastEvaluatedKey");
    const bool answered = note(std::move(reply));
    if (!answered || request_.then_operation.empty()) co_return answered;
    co_return note(co_await client_->call(request_.then_operation, request_.then_body));
  }

  bool note(Expected<connector::HttpReply*, connector::TransportError> reply) {
    if (reply && (*reply)->status == 200) return true;
    if (SteadyClock::now() >= plan_.count_from) {
      ++count_->errors[reply ? error_type((*reply)->body) : reply.error().message];
    }
    return false;
  }

  const Workload& workload_;
  const RunPlan& plan_;
  const std::uint32_t number_;
  const std::unique_ptr<DynamoDbClient> client_;
  SeededRandom random_;
  ThreadCount* const count_;
  Workload::Request request_;
  std::string start_key_;
};

Task<void> run_connections(const LoadTarget& target, const Workload& workload, const RunPlan& plan, ClientLoop* loop,
                           std::uint32_t first, std::uint32_t count, ThreadCount* counted) {
  std::vector<std::unique_ptr<LoadConnection>> connections;
  std::vector<Task<void>> tasks;
  for (std::uint32_t i = 0; i < count; ++i) {
    connections.push_back(std::make_unique<LoadConnection>(target, workload, plan, loop, first + i, counted));
    tasks.push_back(connections.back()->run());
  }
  co_await AllOf(std::move(tasks));
}

}  // namespace

// Runs `body(client)` to its end on a loop of this thread.
static Expected<void, std::string> with_client(
    const LoadTarget& target, const std::function<Task<Expected<void, std::string>>(DynamoDbClient*)>& body) {
  ClientLoop loop;
  const auto client = new_client(target, &loop);
  Expected<void, std::string> result;
  const auto run = [&]() -> Task<void> { result = co_await body(client.get()); };
  loop.run(run());
  return result;
}

Expected<void, std::string> load_table(const LoadTarget& target, const Workload& workload,
                                       void (*progress)(std::uint64_t, std::uint64_t)) {
  LoadState state;
  auto created = with_client(target, [&workload](DynamoDbClient* client) { return create_table(client, workload); });
  if (!created) state.fail(std::move(created).error());
  if (!state.failed) {
    std::atomic<bool> done{false};
    std::thread reporter([&] {
      while (!done) {
        progress(state.loaded, workload.options().items);
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
      }
      progress(state.loaded, workload.options().items);
    });
    const auto body = [&](ClientLoop* loop, std::uint32_t first, std::uint32_t count) -> Task<void> {
      std::vector<Task<void>> tasks;
      for (std::uint32_t i = 0; i < count; ++i) tasks.push_back(load_items(target, workload, loop, first + i, &state));
      co_await AllOf(std::move(tasks));
    };
    on_threads(target, /*throughput_counts=*/true, body);
    done = true;
    reporter.join();
  }
  if (state.failed) return Unexpected(state.error);
  return {};
}

Expected<void, std::string> enable_expiry(const LoadTarget& target, const Workload& workload) {
  return with_client(target, [&workload](DynamoDbClient* client) -> Task<Expected<void, std::string>> {
    auto enabled = co_await must_call(client, "UpdateTimeToLive", workload.enable_expiry_body());
    if (!enabled) co_return Unexpected(std::move(enabled).error());
    while (true) {
      auto described = co_await must_call(client, "DescribeTimeToLive", workload.table_name_body());
      if (!described) co_return Unexpected(std::move(described).error());
      if (described->find("\"ENABLED\"") != std::string::npos) co_return Expected<void, std::string>();
      co_await SleepFor(std::chrono::milliseconds(100));
    }
  });
}

Expected<void, std::string> delete_table(const LoadTarget& target, const Workload& workload) {
  return with_client(target, [&workload](DynamoDbClient* client) -> Task<Expected<void, std::string>> {
    auto removed = co_await must_call(client, "DeleteTable", workload.table_name_body());
    if (!removed) co_return Unexpected(std::move(removed).error());
    co_return Expected<void, std::string>();
  });
}

Expected<LoadReport, std::string> run_load(const LoadTarget& target, const Workload& workload,
                                           const LoadSchedule& schedule) {
  const auto nanoseconds = [](double seconds) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
  };
  RunPlan plan;
  plan.connections = target.connections;
  plan.start = SteadyClock::now() + std::chrono::milliseconds(10);
  plan.count_from = plan.start + nanoseconds(schedule.warmup_seconds);
  plan.end = plan.count_from + nanoseconds(schedule.seconds);
  if (schedule.rate > 0) plan.interval = nanoseconds(target.connections / schedule.rate);

  // CPU time is read when counting starts, by a thread that sleeps until then.
  LoadReport report;
  double own_before = 0;
  double server_before = 0;
  std::thread meter([&] {
    std::this_thread::sleep_until(plan.count_from);
    own_before = own_cpu_seconds();
    if (schedule.server_pid > 0) server_before = process_cpu_seconds(schedule.server_pid);
    std::this_thread::sleep_until(plan.end);
    report.client_cpu_seconds = own_cpu_seconds() - own_before;
    if (schedule.server_pid > 0) report.server_cpu_seconds = process_cpu_seconds(schedule.server_pid) - server_before;
  });

  std::mutex mutex;
  const auto body = [&](ClientLoop* loop, std::uint32_t first, std::uint32_t count) -> Task<void> {
    const auto counted = std::make_unique<ThreadCount>();
    co_await run_connections(target, workload, plan, loop, first, count, counted.get());
    const std::lock_guard lock(mutex);
    report.latency.merge(counted->latency);
    for (const auto& [type, number] : counted->errors) report.errors[type] += number;
  };
  on_threads(target, /*throughput_counts=*/schedule.rate <= 0, body);
  meter.join();
  report.seconds = schedule.seconds;
  return report;
}

}  // namespace armature::cmd
