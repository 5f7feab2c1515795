// What `armature serve` can be told: by option, by ARMATURE_* variable, or in a configuration file. docs/operations.md
// lists them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"

namespace CLI {
class App;
}

namespace armature::cmd {

struct ServeOptions {
  std::string listen = "127.0.0.1:8000";
  std::string data_directory = "armature-data";
  bool data_given = false;  // --data was named, not just its default taken.
  bool memory = false;
  std::optional<std::uint64_t> simulate_seed;
  std::string durability = "durable";
  std::uint64_t cache_bytes = 0;  // 0: a quarter of the machine's memory.

  std::string region = "us-east-1";
  std::string account_id = "000000000000";
  bool dev = false;
  std::string root_access_key_id;  // From the environment only, with its secret.
  Secret root_secret_access_key;
  std::string credentials_file;  // Empty: DATA.credentials beside the data directory.
  std::string key_file;          // Empty: DATA.keys beside the data directory.

  std::string tls_certificate;
  std::string tls_key;
  std::vector<std::string> allow_ip;
  bool cors = true;
  bool console = true;
  std::vector<std::string> trusted_proxies;  // Whose X-Forwarded-For is believed.
  std::vector<std::string> console_allow_ip;

  std::uint32_t threads = 0;  // 0: one event loop per core.
  std::uint32_t max_connections = 10000;
  std::uint32_t request_timeout_s = 60;
  std::uint32_t idle_timeout_s = 120;
  std::uint32_t drain_timeout_s = 10;

  bool throttle = true;  // Off with --dev, unless asked for.
  std::int64_t table_transition_ms = 0;
  std::int64_t max_tables = 2500;
  std::int64_t max_collection_bytes = std::int64_t{10} << 30;
  std::int64_t ttl_delay_s = 60;
  std::int64_t ttl_rate = 2000;               // Deletes a second.
  std::int64_t ttl_change_interval_s = 3600;  // 0 with --dev, unless asked for.
  std::int64_t stream_retention_s = 24 * 60 * 60;

  std::string log_level = "info";
  std::string log_format = "text";
  std::int64_t slow_request_ms = 1000;
  std::string scan_leading_keys = "unknown";
  std::string audit_log;          // A file; empty: none.
  std::string config_file;        // Read by apply_option_sources().
  bool debug_bare_reply = false;  // Answers /debug/bare without work, for measuring the stack.

  std::vector<std::string> without_effect;  // What was given and changes nothing: a sentence each, to be warned of.
};

// Adds `armature serve` and its options to `app`; `*options` is filled when it is parsed.
CLI::App* add_serve_command(CLI::App* app, ServeOptions* options);

// Serves until SIGTERM or SIGINT; the exit status. Errors go to standard error with what to do next.
int serve(const ServeOptions& options);

}  // namespace armature::cmd
