// Test connection: what stands between a saved connection and its tables, step by step, each failure with its cause and
// what to do about it. It asks for no right the user would not need anyway, and ends within kTestLimit.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "connector/loop_thread.h"
#include "connector/saved_connection.h"

namespace armature::connector {

inline constexpr std::chrono::seconds kTestLimit{10};

enum class StepStatus : std::uint8_t { kPassed, kWarning, kFailed, kSkipped };
std::string_view step_status_name(StepStatus status);  // "passed", "warning", "failed", "skipped".

struct TestStep {
  std::string id;     // "connect", "tls", "service", "clock", "identity", "role", "tables", "read", "dialect".
  std::string title;  // "Resolve and connect".
  StepStatus status = StepStatus::kSkipped;
  double milliseconds = 0;
  std::string detail;  // What was found.
  std::string remedy;  // Of a failure or warning: what to do.
};

struct TestReport {
  bool ok = false;      // No step failed.
  std::string summary;  // "Connected as arn:… (account …, region …), 12 tables, 3 ms", or the first failure.
  std::vector<TestStep> steps;
  // What this endpoint does not answer, as "Streams", "PartiQL", "DescribeLimits": a console hides those pages.
  std::vector<std::string> unsupported;
};

// Runs the steps in order; after a failure the steps that depend on it are skipped. `progress`, when given, is called
// on the calling executor after each step. `loop` carries the sockets and must outlive the call; so must the rest.
// The connection should have passed validate(). Addresses of clouds' metadata services are refused
// (forbidden_address.h).
Task<TestReport> test_connection(LoopThread* loop, const SavedConnection& connection, const Clock* clock,
                                 std::function<void(const TestStep&)> progress);

void write_step(const TestStep& step, wire::JsonWriter* writer);
// {"ok", "summary", "steps": […], "unsupported": […]}.
void write_report(const TestReport& report, wire::JsonWriter* writer);

}  // namespace armature::connector
