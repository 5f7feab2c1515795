#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <ctime>
#include <memory>

namespace armature {
namespace {

LogFormat log_format = LogFormat::kText;

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto created = std::make_shared<spdlog::logger>("armature", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    created->set_pattern("%v");
    created->flush_on(spdlog::level::info);
    return created;
  }();
  return *instance;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarning: return "warning";
    case LogLevel::kError: return "error";
  }
  return "info";
}

void append_quoted(std::string* line, std::string_view text) {
  line->push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"': *line += "\\\""; break;
      case '\\': *line += "\\\\"; break;
      case '\n': *line += "\\n"; break;
      case '\r': *line += "\\r"; break;
      case '\t': *line += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          *line += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          line->push_back(c);
        }
    }
  }
  line->push_back('"');
}

void append_value(std::string* line, const LogField& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    append_quoted(line, *text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&field.value)) {
    *line += std::to_string(*integer);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    *line += fmt::format("{}", *real);
  } else {
    *line += std::get<bool>(field.value) ? "true" : "false";
  }
}

std::string timestamp() {
  const auto now = std::chrono::system_clock::now();
  const auto seconds = std::chrono::system_clock::to_time_t(now);
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, millis);
}

}  // namespace

void configure_logging(LogLevel least, LogFormat format) {
  log_format = format;
  logger().set_level(spdlog_level(least));
}

bool log_enabled(LogLevel level) { return logger().should_log(spdlog_level(level)); }

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!log_enabled(level)) return;
  std::string line;
  if (log_format == LogFormat::kJson) {
    line = fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"message\":", timestamp(), level_name(level));
    append_quoted(&line, message);
    for (const LogField& field : fields) {
      line += ',';
      append_quoted(&line, field.name);
      line += ':';
      append_value(&line, field);
    }
    line += '}';
  } else {
    line = fmt::format("{} {} {}", timestamp(), level_name(level), message);
    for (const LogField& field : fields) {
      line += ' ';
      line += field.name;
      line += '=';
      append_value(&line, field);
    }
  }
  logger().log(spdlog_level(level), line);
}

}  // namespace armature
