#include "cmd/serve_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "cmd/option_sources.h"
#include "http/ip_address.h"

namespace armature::cmd {
namespace {

std::string check_cidr(const std::string& text) {
  const auto parsed = http::IpAllowList::parse(std::span(&text, 1));
  return parsed ? std::string() : parsed.error();
}

std::string check_account_id(const std::string& text) {
  const bool digits = text.size() == 12 && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::string() : "an account id is 12 digits";
}

std::string check_region(const std::string& text) {
  const bool good = text.size() >= 2 && text.size() <= 32 &&
                    text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  return good ? std::string() : "a region is 2 to 32 characters of a-z, 0-9 and '-'";
}

// An empty name is most often that of a variable nobody set, and would turn off what was asked for.
std::string check_not_empty(const std::string& text) {
  return text.empty() ? "the name is empty; leave the option out, or name a file" : std::string();
}

std::string check_cache(const std::string& bytes) {
  constexpr std::uint64_t kLeast = std::uint64_t{1} << 20;
  constexpr std::uint64_t kMost = std::uint64_t{1} << 50;  // What is negative wraps around to more.
  std::uint64_t value = 0;
  const bool good = CLI::detail::lexical_cast(bytes, value) && value >= kLeast && value <= kMost;
  return good ? std::string() : "the cache is 1MB to 1024TB, as in 512MB";
}

constexpr std::int64_t kCenturyInSeconds = std::int64_t{100} * 365 * 24 * 60 * 60;

CLI::Range seconds_from(std::int64_t least) { return {least, kCenturyInSeconds}; }
CLI::Range milliseconds() { return {std::int64_t{0}, kCenturyInSeconds * 1000}; }
CLI::Range at_least_one() { return {std::int64_t{1}, std::numeric_limits<std::int64_t>::max()}; }

// What two options say that cannot both hold. CLI11's excludes() would also count a flag that says false.
void check_engine(const ServeOptions& options, const CLI::Option& data, const CLI::Option& simulate) {
  if (!options.memory) return;
  if (data.count() > 0) throw CLI::ExcludesError("--memory", "--data");
  if (simulate.count() > 0) throw CLI::ExcludesError("--memory", "--simulate");
}

// Options that were given, are right, and do nothing beside the others.
std::vector<std::string> options_without_effect(const CLI::App& serve, const ServeOptions& options) {
  std::vector<std::string> told;
  const auto has_none = [&](const char* option, bool holds, std::string_view why) {
    if (holds && serve.get_option(option)->count() > 0)
      told.push_back(fmt::format("{} has no effect: {}", option, why));
  };
  const bool in_memory = options.memory || options.simulate_seed || (options.dev && !options.data_given);
  for (const char* option : {"--durability", "--cache", "--key-file", "--credentials-file"}) {
    has_none(option, in_memory, "everything stays in memory");
  }
  has_none("--credentials-file", !in_memory && !options.root_access_key_id.empty(),
           "the root credentials come from the environment");
  has_none("--console-allow-ip", !options.console, "there is no console");
  for (const std::string& variable : variables_of_no_option(serve)) {
    told.push_back(variable + " has no effect: there is no such option");
  }
  return told;
}

}  // namespace

CLI::App* add_serve_command(CLI::App* app, ServeOptions* options) {
  CLI::App* serve = app->add_subcommand("serve", "Run the server");
  serve
      ->add_option(
          "--config", options->config_file,
          "Read options from this TOML file (listen = \"127.0.0.1:8000\"); the environment and the command line win")
      ->envname("ARMATURE_CONFIG")
      ->check(check_not_empty);

  serve->add_option("--listen", options->listen, "Address and port; port 0 picks a free one")
      ->envname("ARMATURE_LISTEN")
      ->capture_default_str();
  auto* data = serve->add_option("--data", options->data_directory, "Data directory; created when missing")
                   ->envname("ARMATURE_DATA")
                   ->check(check_not_empty)
                   ->capture_default_str();
  serve->add_flag("--memory", options->memory, "Keep everything in memory, nothing on disk; excludes --data")
      ->envname("ARMATURE_MEMORY");
  auto* simulate = serve
                       ->add_option("--simulate", options->simulate_seed,
                                    "For tests: memory, behaving like a distributed engine with this seed")
                       ->envname("ARMATURE_SIMULATE");
  simulate->excludes(data);
  serve
      ->add_option("--durability", options->durability,
                   "What an acknowledged write survives: durable (power loss) or buffered (a crash of the process)")
      ->envname("ARMATURE_DURABILITY")
      ->check(CLI::IsMember({"durable", "buffered"}))
      ->capture_default_str();
  serve
      ->add_option("--cache", options->cache_bytes,
                   "Items and blocks kept in memory, as in 512MB; default a quarter of it")
      ->envname("ARMATURE_CACHE")
      ->transform(CLI::AsSizeValue(false))
      ->check(check_cache);

  serve->add_option("--region", options->region, "Region of requests that name none")
      ->envname("ARMATURE_REGION")
      ->check(check_region)
      ->capture_default_str();
  serve->add_option("--account-id", options->account_id, "The account every table belongs to")
      ->envname("ARMATURE_ACCOUNT_ID")
      ->check(check_account_id)
      ->capture_default_str();
  serve
      ->add_flag("--dev", options->dev,
                 "For development: any credentials are accepted, throughput is not limited, and without --data "
                 "everything stays in memory")
      ->envname("ARMATURE_DEV");
  serve
      ->add_option("--credentials-file", options->credentials_file,
                   "Where generated root credentials are kept; default DATA.credentials, beside the data directory")
      ->envname("ARMATURE_CREDENTIALS_FILE")
      ->check(check_not_empty);
  serve
      ->add_option("--key-file", options->key_file,
                   "The keys that protect secrets in the data; made when missing. Default DATA.keys, beside the data "
                   "directory")
      ->envname("ARMATURE_KEY_FILE")
      ->check(check_not_empty);

  auto* certificate = serve->add_option("--tls-cert", options->tls_certificate, "Certificate chain (PEM); turns TLS on")
                          ->envname("ARMATURE_TLS_CERT")
                          ->check(check_not_empty);
  auto* key = serve->add_option("--tls-key", options->tls_key, "Private key of the certificate (PEM)")
                  ->envname("ARMATURE_TLS_KEY")
                  ->check(check_not_empty);
  certificate->needs(key);
  key->needs(certificate);
  serve
      ->add_option("--allow-ip", options->allow_ip,
                   "Accept connections from this address or CIDR block only; repeatable. Loopback stays allowed")
      ->envname("ARMATURE_ALLOW_IP")
      ->delimiter(',')
      ->check(check_cidr);
  serve
      ->add_option("--trusted-proxy", options->trusted_proxies,
                   "Take the client's address from X-Forwarded-For when the connection comes from this address or CIDR "
                   "block; repeatable")
      ->envname("ARMATURE_TRUSTED_PROXY")
      ->delimiter(',')
      ->check(check_cidr);
  serve->add_flag("--cors,!--no-cors", options->cors, "Answer browsers of other origins (default on)")
      ->envname("ARMATURE_CORS");
  serve->add_flag("--console,!--no-console", options->console, "Serve the web console under /console/ (default on)")
      ->envname("ARMATURE_CONSOLE");
  serve
      ->add_option("--console-allow-ip", options->console_allow_ip,
                   "Serve the console to this address or CIDR block only; repeatable. Loopback stays allowed")
      ->envname("ARMATURE_CONSOLE_ALLOW_IP")
      ->delimiter(',')
      ->check(check_cidr);

  serve->add_option("--threads", options->threads, "Event loops; 0: one per core")
      ->envname("ARMATURE_THREADS")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  serve->add_option("--max-connections", options->max_connections, "Connections held at once")
      ->envname("ARMATURE_MAX_CONNECTIONS")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  serve
      ->add_option("--request-timeout", options->request_timeout_s,
                   "Seconds a client may take to send a request or take an answer")
      ->envname("ARMATURE_REQUEST_TIMEOUT")
      ->check(seconds_from(1))
      ->capture_default_str();
  serve->add_option("--idle-timeout", options->idle_timeout_s, "Seconds an unused connection is kept")
      ->envname("ARMATURE_IDLE_TIMEOUT")
      ->check(seconds_from(1))
      ->capture_default_str();
  serve->add_option("--drain-timeout", options->drain_timeout_s, "Seconds running requests get after SIGTERM")
      ->envname("ARMATURE_DRAIN_TIMEOUT")
      ->check(seconds_from(0))
      ->capture_default_str();

  auto* throttle = serve
                       ->add_flag("--throttle,!--no-throttle", options->throttle,
                                  "Enforce the throughput of tables (default on, off with --dev)")
                       ->envname("ARMATURE_THROTTLE");
  serve
      ->add_option("--table-transition-ms", options->table_transition_ms,
                   "How long tables stay CREATING, UPDATING or DELETING; 0: changes show at once")
      ->envname("ARMATURE_TABLE_TRANSITION_MS")
      ->check(milliseconds())
      ->capture_default_str();
  serve
      ->add_option("--stream-retention", options->stream_retention_s,
                   "Seconds that stream records can be read; DynamoDB's are 86400")
      ->envname("ARMATURE_STREAM_RETENTION")
      ->check(seconds_from(1))
      ->capture_default_str();
  serve->add_option("--max-tables", options->max_tables, "Tables per region")
      ->envname("ARMATURE_MAX_TABLES")
      ->check(at_least_one())
      ->capture_default_str();
  serve
      ->add_option("--max-collection-bytes", options->max_collection_bytes,
                   "What the item collections of tables with local indexes may grow to")
      ->envname("ARMATURE_MAX_COLLECTION_BYTES")
      ->check(at_least_one())
      ->capture_default_str();

  serve->add_option("--ttl-delay", options->ttl_delay_s, "Seconds from an item's expiry to its deletion, at least")
      ->envname("ARMATURE_TTL_DELAY")
      ->check(seconds_from(0))
      ->capture_default_str();
  serve->add_option("--ttl-rate", options->ttl_rate, "Expired items deleted a second, at most")
      ->envname("ARMATURE_TTL_RATE")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  auto* ttl_change_interval =
      serve
          ->add_option("--ttl-change-interval", options->ttl_change_interval_s,
                       "Seconds between two UpdateTimeToLive of a table, at least (default 3600, 0 with --dev)")
          ->envname("ARMATURE_TTL_CHANGE_INTERVAL")
          ->check(seconds_from(0));

  serve->add_option("--log-level", options->log_level, "debug, info, warning or error")
      ->envname("ARMATURE_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  serve->add_option("--log-format", options->log_format, "text or json")
      ->envname("ARMATURE_LOG_FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  serve
      ->add_option(
          "--audit-log", options->audit_log,
          "Append a line of JSON to this file for every permission of the control plane, every denial and every "
          "sign-in; SIGHUP opens it anew")
      ->envname("ARMATURE_AUDIT_LOG")
      ->check(check_not_empty);
  serve
      ->add_option(
          "--scan-leading-keys", options->scan_leading_keys,
          "What a Scan is to policies that test dynamodb:LeadingKeys: unknown (no such Allow applies to it) or "
          "absent (as on AWS, where ForAllValues lets it through)")
      ->envname("ARMATURE_SCAN_LEADING_KEYS")
      ->check(CLI::IsMember({"unknown", "absent"}))
      ->capture_default_str();
  serve->add_option("--slow-request-ms", options->slow_request_ms, "Log requests that take longer; 0: none")
      ->envname("ARMATURE_SLOW_REQUEST_MS")
      ->check(milliseconds())
      ->capture_default_str();
  serve
      ->add_flag("--debug-bare-reply", options->debug_bare_reply,
                 "Answer /debug/bare without any work, to measure the HTTP stack alone")
      ->envname("ARMATURE_DEBUG_BARE_REPLY")
      ->group("");
  serve->parse_complete_callback([options, serve, data, simulate, throttle, ttl_change_interval] {
    options->data_given = data->count() > 0;
    if (throttle->count() == 0) options->throttle = !options->dev;
    if (ttl_change_interval->count() == 0 && options->dev) options->ttl_change_interval_s = 0;
    // Not options: a secret on a command line is visible to every process of the machine.
    if (const char* id = std::getenv("ARMATURE_ROOT_ACCESS_KEY_ID")) options->root_access_key_id = id;
    if (const char* secret = std::getenv("ARMATURE_ROOT_SECRET_ACCESS_KEY")) {
      options->root_secret_access_key = Secret(secret);
    }
    check_engine(*options, *data, *simulate);
    options->without_effect = options_without_effect(*serve, *options);
  });
  return serve;
}

}  // namespace armature::cmd
