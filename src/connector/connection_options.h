// The key/value options of a connection: which there are, and their values once read.
#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "connector/retry.h"
#include "wire/json.h"

namespace armature::connector {

enum class OptionKind : std::uint8_t { kMilliseconds, kInteger, kBoolean, kText, kEnum };
std::string_view option_kind_name(OptionKind kind);  // "milliseconds", "integer", "boolean", "text", "enum".

struct OptionDescription {
  std::string_view key;  // Ends in '*' when it stands for a family: "headers.*".
  OptionKind kind;
  std::string_view default_value;
  std::string_view help;
  std::span<const std::string_view> values = {};  // kEnum.
  long least = 0;                                 // kInteger and kMilliseconds: bounds, inclusive.
  long most = 0;
};
std::span<const OptionDescription> known_options();
// [{key, kind, default, help, values?}].
void write_known_options(wire::JsonWriter* writer);

// Nothing when `value` is good for `key`. The error of an unknown key names those nearest to it.
Expected<void, std::string> check_option(std::string_view key, std::string_view value);

enum class NumberFormat : std::uint8_t {
  kText,     // Plain JSON shows a number JSON readers would damage as {"$number": "…"}.
  kDecimal,  // Always as a JSON number with all its digits.
};

struct ConnectionSettings {
  std::chrono::milliseconds connect_timeout{1'000};
  std::chrono::milliseconds request_timeout{10'000};
  int max_attempts = 3;
  RetryMode retry_mode = RetryMode::kStandard;
  int max_connections = 50;
  std::string ca_file;
  bool skip_verify = false;
  std::string server_name;
  std::string proxy;
  bool consistent_read_default = false;
  std::string returned_capacity = "TOTAL";  // "NONE", "TOTAL", "INDEXES".
  int page_size = 50;
  int max_pages_per_run = 10;
  int max_items_per_run = 5000;
  NumberFormat numbers = NumberFormat::kText;
  std::string user_agent_suffix;
  std::string table_prefix;
  std::vector<std::pair<std::string, std::string>> headers;
};
// What checked options say; those check_option() refuses keep their defaults.
ConnectionSettings read_settings(const std::map<std::string, std::string>& options);

}  // namespace armature::connector
