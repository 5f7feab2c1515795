// Structured logs: one line an event, JSON or text, to standard error or a file. Thread-safe.
// Secrets have a type that does not print (base/secret.h), so they cannot be logged by accident.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace armature {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kText, kJson };

// A named fact of a log line. Views are copied before log() returns.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

// Sets what is written from now on; call once, before threads start. Default: kInfo, text.
void configure_logging(LogLevel least, LogFormat format);
bool log_enabled(LogLevel level);

// Example: log(LogLevel::kWarning, "commit failed", {{"request_id", id}, {"engine", text}});
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

}  // namespace armature
