#include "api/audit_log.h"

#include <fmt/format.h>

#include <ctime>
#include <utility>

#include "wire/json.h"

namespace armature::api {
namespace {

std::string iso_time(Clock::Millis now_ms) {
  const std::time_t seconds = now_ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, now_ms % 1000);
}

}  // namespace

void write_event(AuditLog* log, const Clock& clock, const AuditEvent& event) {
  std::string line;
  wire::JsonWriter writer(&line);
  const auto add = [&writer](std::string_view name, std::string_view value) {
    if (!value.empty()) writer.member(name, value);
  };
  writer.begin_object();
  writer.member("time", iso_time(clock.now_ms()));
  writer.member("event", event.event);
  add("request_id", event.request_id);
  add("principal", event.principal);
  add("access_key_id", event.access_key_id);
  add("source", event.source);
  add("action", event.action);
  add("resource", event.resource);
  add("outcome", event.outcome);
  add("reason", event.reason);
  add("policy", event.policy);
  add("statement", event.statement);
  writer.end_object();
  log->write(std::move(line));
}

}  // namespace armature::api
