#include "connector/connection_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/header.h"
#include "connector/endpoint.h"
#include "connector/near_names.h"

namespace armature::connector {
namespace {

constexpr std::string_view kRetryModes[] = {"standard", "adaptive", "off"};
constexpr std::string_view kCapacities[] = {"NONE", "TOTAL", "INDEXES"};
constexpr std::string_view kNumberFormats[] = {"text", "decimal"};
constexpr std::string_view kHeaderFamily = "headers.";

using enum OptionKind;

constexpr OptionDescription kOptions[] = {
    {"connectTimeoutMs", kMilliseconds, "1000", "How long to wait for a connection", {}, 1, 600'000},
    {"requestTimeoutMs", kMilliseconds, "10000", "How long to wait for an answer, each attempt", {}, 1, 3'600'000},
    {"maxAttempts", kInteger, "3", "Attempts of a call in all", {}, 1, 10},
    {"retryMode", kEnum, "standard", "adaptive also sends slower while the service throttles", kRetryModes},
    {"maxConnections", kInteger, "50", "Connections open at a time", {}, 1, 10'000},
    {"tls.caFile", kText, "", "Authorities to trust (a PEM file) instead of the system's"},
    {"tls.skipVerify", kBoolean, "false", "Take any certificate. Whoever is in between can then read and change all"},
    {"tls.serverName", kText, "", "The name the certificate must have, when it is not the endpoint's"},
    {"proxy", kText, "", "URL of an HTTP proxy: http://host:port"},
    {"consistentReadDefault", kBoolean, "false", "Reads that do not say otherwise are strongly consistent"},
    {"returnConsumedCapacity", kEnum, "TOTAL", "Capacity to tell with results", kCapacities},
    {"pageSize", kInteger, "50", "Items of a page of results", {}, 1, 1000},
    {"maxPagesPerRun", kInteger, "10", "Pages one run of a query reads at most", {}, 1, 1'000'000},
    {"maxItemsPerRun", kInteger, "5000", "Items one run of a query returns at most", {}, 1, 100'000'000},
    {"numbers", kEnum, "text",
     "Plain JSON: text shows numbers that JSON readers would round as {\"$number\": \"...\"}; decimal never does",
     kNumberFormats},
    {"userAgentSuffix", kText, "", "Added to the User-Agent header"},
    {"tablePrefix", kText, "", "Put before every table name that is sent, taken off those that come back"},
    {"headers.*", kText, "", "A header to send with every request: headers.X-Team = blue"},
};

const OptionDescription* find_option(std::string_view key) {
  for (const OptionDescription& option : kOptions) {
    if (option.key == key) return &option;
    if (option.key == "headers.*" && key.starts_with(kHeaderFamily)) return &option;
  }
  return nullptr;
}

std::optional<long> integer(std::string_view text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Unexpected<std::string> wrong(std::string_view key, std::string_view value, std::string_view expected) {
  return Unexpected(fmt::format("{} is '{}'; it must be {}", key, value, expected));
}

bool token(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

// Headers the client writes itself.
constexpr std::string_view kOwnHeaders[] = {
    "host",       "content-length", "content-type",         "authorization",     "x-amz-target",
    "x-amz-date", "connection",     "x-amz-security-token", "transfer-encoding", "user-agent"};

Expected<void, std::string> check_header(std::string_view key, std::string_view value) {
  const std::string_view name = key.substr(kHeaderFamily.size());
  if (!token(name)) return Unexpected(fmt::format("'{}' is no header name", name));
  for (const std::string_view own : kOwnHeaders) {
    if (equals_ignoring_case(name, own)) return Unexpected(fmt::format("the client sets {} itself", name));
  }
  if (!printable(value)) return Unexpected(fmt::format("{} holds a control character", key));
  return {};
}

// What the texts of some options must be beyond being texts.
Expected<void, std::string> check_text(std::string_view key, std::string_view value) {
  if (key.starts_with(kHeaderFamily)) return check_header(key, value);
  if (!printable(value)) return Unexpected(fmt::format("{} holds a control character", key));
  if (key == "proxy" && !value.empty()) {
    const auto proxy = parse_endpoint(value);
    if (!proxy) return wrong(key, value, "a URL such as http://proxy.example:3128");
    if (proxy->secure) return wrong(key, value, "a proxy reached by http://; one reached by TLS is not supported");
  }
  if (key == "tablePrefix" && !std::all_of(value.begin(), value.end(), [](char c) {
        return token({&c, 1}) || c == '.';
      })) {
    return wrong(key, value, "of the characters a table name may have: a-z, A-Z, 0-9, '_', '-' and '.'");
  }
  return {};
}

}  // namespace

std::string_view option_kind_name(OptionKind kind) {
  switch (kind) {
    case kMilliseconds: return "milliseconds";
    case kInteger: return "integer";
    case kBoolean: return "boolean";
    case kText: return "text";
    case kEnum: return "enum";
  }
  return "";
}

std::span<const OptionDescription> known_options() { return kOptions; }

void write_known_options(wire::JsonWriter* writer) {
  writer->begin_array();
  for (const OptionDescription& option : kOptions) {
    writer->begin_object();
    writer->member("key", option.key);
    writer->member("kind", option_kind_name(option.kind));
    writer->member("default", option.default_value);
    writer->member("help", option.help);
    if (!option.values.empty()) {
      writer->key("values");
      writer->begin_array();
      for (const std::string_view value : option.values) writer->string(value);
      writer->end_array();
    }
    writer->end_object();
  }
  writer->end_array();
}

Expected<void, std::string> check_option(std::string_view key, std::string_view value) {
  const OptionDescription* const option = find_option(key);
  if (option == nullptr) {
    std::vector<std::string_view> names;
    for (const OptionDescription& known : kOptions) names.push_back(known.key);
    return Unexpected(fmt::format("there is no option '{}'; {}", key, did_you_mean(key, names)));
  }
  switch (option->kind) {
    case kMilliseconds:
    case kInteger: {
      const auto number = integer(value);
      if (!number || *number < option->least || *number > option->most) {
        return wrong(key, value, fmt::format("a whole number from {} to {}", option->least, option->most));
      }
      return {};
    }
    case kBoolean:
      return value == "true" || value == "false" ? Expected<void, std::string>() : wrong(key, value, "true or false");
    case kEnum:
      if (std::find(option->values.begin(), option->values.end(), value) != option->values.end()) return {};
      return wrong(key, value, fmt::format("{}", fmt::join(option->values, ", ")));
    case kText: return check_text(key, value);
  }
  return {};
}

ConnectionSettings read_settings(const std::map<std::string, std::string>& options) {
  ConnectionSettings settings;
  const auto number = [](const std::string& text) { return static_cast<int>(integer(text).value_or(0)); };
  for (const auto& [key, value] : options) {
    if (!check_option(key, value)) continue;
    if (key == "connectTimeoutMs") settings.connect_timeout = std::chrono::milliseconds(number(value));
    if (key == "requestTimeoutMs") settings.request_timeout = std::chrono::milliseconds(number(value));
    if (key == "maxAttempts") settings.max_attempts = number(value);
    if (key == "retryMode") {
      settings.retry_mode = value == "off"        ? RetryMode::kOff
                            : value == "adaptive" ? RetryMode::kAdaptive
                                                  : RetryMode::kStandard;
    }
    if (key == "maxConnections") settings.max_connections = number(value);
    if (key == "tls.caFile") settings.ca_file = value;
    if (key == "tls.skipVerify") settings.skip_verify = value == "true";
    if (key == "tls.serverName") settings.server_name = value;
    if (key == "proxy") settings.proxy = value;
    if (key == "consistentReadDefault") settings.consistent_read_default = value == "true";
    if (key == "returnConsumedCapacity") settings.returned_capacity = value;
    if (key == "pageSize") settings.page_size = number(value);
    if (key == "maxPagesPerRun") settings.max_pages_per_run = number(value);
    if (key == "maxItemsPerRun") settings.max_items_per_run = number(value);
    if (key == "numbers") settings.numbers = value == "decimal" ? NumberFormat::kDecimal : NumberFormat::kText;
    if (key == "userAgentSuffix") settings.user_agent_suffix = value;
    if (key == "tablePrefix") settings.table_prefix = value;
    if (key.starts_with(kHeaderFamily)) settings.headers.emplace_back(key.substr(kHeaderFamily.size()), value);
  }
  return settings;
}

}  // namespace armature::connector
