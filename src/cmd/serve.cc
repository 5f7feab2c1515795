#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "api/audited_authenticator.h"
#include "api/dispatch.h"
#include "api/dynamodb/tables/lifecycle.h"
#include "api/iam_authorizer.h"
#include "api/table_metrics.h"
#include "auth/attempt_brake.h"
#include "auth/authenticator.h"
#include "auth/identity/credential_store.h"
#include "auth/identity/identity_store.h"
#include "auth/sigv4/verifier.h"
#include "base/background.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/thread_executor.h"
#include "base/worker_thread.h"
#include "catalog/catalog.h"
#include "cmd/address_gate.h"
#include "cmd/audit_file.h"
#include "cmd/engine.h"
#include "cmd/forwarded_address.h"
#include "cmd/key_file.h"
#include "cmd/open_files.h"
#include "cmd/root_credentials.h"
#include "cmd/serve_options.h"
#include "connector/loop_thread.h"
#include "console/handler.h"
#include "http/event_loop.h"
#include "http/server.h"
#include "table/builder.h"
#include "table/item_store.h"
#include "table/stream_keeper.h"
#include "table/stream_store.h"
#include "ttl/expirer.h"
#include "txn/transaction_store.h"

namespace armature::cmd {
namespace {

constexpr std::string_view kContentType = "application/x-amz-json-1.0";

int failed(const std::string& why) {
  fmt::print(stderr, "armature: {}\n", why);
  return 1;
}

LogLevel log_level(const std::string& name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  return LogLevel::kInfo;
}

// Blocked before any thread starts, so that only wait_for_signal() sees them.
sigset_t handled_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

// --dev means memory unless a directory was named.
ServeOptions settled(ServeOptions options) {
  if (options.dev && !options.data_given && !options.simulate_seed) options.memory = true;
  if (options.credentials_file.empty()) options.credentials_file = options.data_directory + ".credentials";
  if (options.key_file.empty()) options.key_file = options.data_directory + ".keys";
  return options;
}

Expected<RootCredentials, std::string> root_credentials(const ServeOptions& options) {
  const bool has_id = !options.root_access_key_id.empty();
  if (has_id != !options.root_secret_access_key.empty()) {
    return Unexpected(
        std::string("set ARMATURE_ROOT_ACCESS_KEY_ID and ARMATURE_ROOT_SECRET_ACCESS_KEY, both or neither"));
  }
  if (has_id) {
    return RootCredentials{
        options.root_access_key_id, options.root_secret_access_key, RootCredentials::Source::kEnvironment, {}};
  }
  const bool on_disk = !options.memory && !options.simulate_seed;
  if (!on_disk) return generate_root_credentials();
  return load_or_generate_root_credentials(options.credentials_file);
}

// What protects secrets: a file beside the data, or, where nothing outlives the process, keys of this run.
Expected<auth::KeyRing, std::string> key_ring(const ServeOptions& options, storage::Storage* storage) {
  if (options.memory || options.simulate_seed) return auth::KeyRing::generate();
  const auto needed = sync_wait(auth::IdentityStore::exists(storage));
  if (!needed) return Unexpected(std::string("cannot read the identities; see the log"));
  return load_or_make_key_file(options.key_file, *needed);
}

std::size_t allowed_connections(const ServeOptions& options) {
  const std::size_t open_files = raise_open_file_limit();
  const std::size_t allowed = connections_within(open_files, options.max_connections);
  if (allowed < options.max_connections) {
    log(LogLevel::kWarning, "fewer connections than --max-connections: raise the limit of open files (ulimit -n)",
        {{"open_files", static_cast<std::int64_t>(open_files)}, {"connections", static_cast<std::int64_t>(allowed)}});
  }
  return allowed;
}

Expected<http::ServerOptions, std::string> http_options(const ServeOptions& options) {
  http::ServerOptions http;
  auto address = http::parse_listen_address(options.listen);
  if (!address) return Unexpected("--listen: " + address.error());
  http.host = address->first;
  http.port = address->second;
  http.tls_certificate_file = options.tls_certificate;
  http.tls_key_file = options.tls_key;
  http.max_connections = allowed_connections(options);
  const std::chrono::seconds request_timeout(options.request_timeout_s);
  http.header_timeout = http.body_timeout = http.write_timeout = request_timeout;
  http.idle_timeout = std::chrono::seconds(options.idle_timeout_s);
  http.cors = options.cors;
  if (options.debug_bare_reply) http.bare_reply_path = "/debug/bare";

  const auto reply = [](int status, std::string_view type, std::string_view message) {
    return http::FixedReply{status, std::string(kContentType),
                            fmt::format(R"({{"__type":"{}","message":"{}"}})", type, message)};
  };
  http.overloaded_reply =
      reply(503, "com.amazon.coral.availability#ServiceUnavailable", "The server is busy; try again.");
  http.broken_encoding_reply =
      reply(500, "com.amazonaws.dynamodb.v20120810#InternalServerError", "Internal server error");
  http.unknown_encoding_reply = reply(400, "com.amazon.coral.validate#ValidationException",
                                      "The Content-Encoding of the request is not supported");

  return http;
}

Expected<std::optional<http::IpAllowList>, std::string> console_allow_list(const ServeOptions& options) {
  if (options.console_allow_ip.empty()) return std::optional<http::IpAllowList>();
  TRY_ASSIGN(auto allowed, http::IpAllowList::parse(options.console_allow_ip));
  return std::optional<http::IpAllowList>(std::move(allowed));
}

bool listens_on_loopback(const ServeOptions& options) {
  const auto address = http::parse_listen_address(options.listen);
  return address && (address->first.starts_with("127.") || address->first == "::1" || address->first == "localhost");
}

Expected<std::unique_ptr<AuditFile>, std::string> audit_file(const ServeOptions& options) {
  if (options.audit_log.empty()) return std::unique_ptr<AuditFile>();
  auto opened = AuditFile::open(options.audit_log);
  if (!opened) return Unexpected("--audit-log: " + opened.error());
  return opened;
}

console::ConsoleOptions console_options(const ServeOptions& options, const Engine& engine, AuditFile* audit) {
  const bool in_memory = options.memory || options.simulate_seed;
  return {.dev = options.dev,
          .engine = engine.description,
          .session_limits = {},
          .health = {.dev = options.dev,
                     .in_memory = in_memory,
                     .buffered = !in_memory && options.durability != "durable",
                     .tls = !options.tls_certificate.empty(),
                     .loopback_only = listens_on_loopback(options),
                     .data_directory = in_memory ? std::string() : options.data_directory,
                     .certificate_file = options.tls_certificate},
          .audit_log = audit};
}

std::vector<MetricsRegistry::Registration> register_engine_metrics(const storage::EngineStatistics* statistics,
                                                                   MetricsRegistry* metrics) {
  std::vector<MetricsRegistry::Registration> registrations;
  if (statistics == nullptr) return registrations;
  for (const storage::EngineNumber& number : statistics->statistics()) {
    const auto read = [statistics, name = number.name] {
      for (const storage::EngineNumber& current : statistics->statistics()) {
        if (current.name == name) return current.value;
      }
      return 0.0;
    };
    const bool counter = number.kind == storage::EngineNumber::Kind::kCounter;
    registrations.push_back(counter ? metrics->counter_function(number.name, number.help, {}, read)
                                    : metrics->gauge_function(number.name, number.help, {}, read));
  }
  return registrations;
}

void print_ready(const ServeOptions& options, const RootCredentials& credentials, const Engine& engine,
                 const std::string& address, std::chrono::steady_clock::duration took) {
  const char* scheme = options.tls_certificate.empty() ? "http" : "https";
  fmt::print("Armature {} is ready ({} ms)\n", ARMATURE_VERSION,
             std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  fmt::print("  endpoint     {}://{}\n", scheme, address);
  if (options.console) fmt::print("  console      {}://{}/console/\n", scheme, address);
  fmt::print("  data         {}\n", engine.description);
  fmt::print("  region       {} (any other is a namespace of its own)\n", options.region);
  if (options.dev) fmt::print("  credentials  ANY are accepted (--dev): do not let others reach this server\n");
  switch (credentials.source) {
    case RootCredentials::Source::kEnvironment:
      if (!options.dev) fmt::print("  credentials  {}, from the environment\n", credentials.access_key_id);
      break;
    case RootCredentials::Source::kFile:
      fmt::print("  credentials  {}, from {}\n", credentials.access_key_id, credentials.file);
      break;
    case RootCredentials::Source::kGenerated:
    case RootCredentials::Source::kGeneratedForThisRun:
      if (options.dev) break;
      fmt::print("  access key   {}\n  secret key   {}\n", credentials.access_key_id,
                 credentials.secret_access_key.reveal());
      if (!credentials.file.empty()) fmt::print("               both are kept in {}\n", credentials.file);
      break;
  }
  std::fflush(stdout);
}

// When keys were last used is written down once a minute.
Task<StepResult> note_key_usage(auth::IdentityStore* identities) {
  const auto flushed = co_await identities->flush_usage();
  if (!flushed) co_return Unexpected(std::string(flushed.error().message));
  co_return std::chrono::nanoseconds(std::chrono::minutes(1));
}

// Returns when the server has to end.
void wait_for_end(const sigset_t& signals, bool tls, http::Server* server, AuditFile* audit_file) {
  while (true) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (signal != SIGHUP) {
      log(LogLevel::kInfo, "stopping", {{"signal", static_cast<std::int64_t>(signal)}});
      return;
    }
    if (audit_file != nullptr) audit_file->reopen();
    if (!tls) continue;
    const auto reloaded = server->reload_tls();
    if (reloaded) {
      log(LogLevel::kInfo, "TLS files read again");
    } else {
      log(LogLevel::kError, "TLS files not read again", {{"error", reloaded.error()}});
    }
  }
}

}  // namespace

int serve(const ServeOptions& given) {
  const auto begin = std::chrono::steady_clock::now();
  const ServeOptions options = settled(given);
  configure_logging(log_level(options.log_level), options.log_format == "json" ? LogFormat::kJson : LogFormat::kText);
  for (const std::string& given_in_vain : options.without_effect) log(LogLevel::kWarning, given_in_vain);
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  auto http = http_options(options);
  if (!http) return failed(http.error());
  auto console_addresses = console_allow_list(options);
  if (!console_addresses) return failed(console_addresses.error());
  auto engine = open_engine(options);
  if (!engine) return failed(engine.error());
  const auto credentials = root_credentials(options);
  if (!credentials) return failed(credentials.error());

  const auto audit = audit_file(options);
  if (!audit) return failed(audit.error());
  auto keys = key_ring(options, engine->storage.get());
  if (!keys) return failed(keys.error());

  // From here on, what is declared later uses what is declared earlier and dies first.
  const SystemClock clock;
  MetricsRegistry metrics;
  const auto audit_metric = metrics.counter_function(
      "armature_audit_lines_lost_total", "Lines of the audit log that were lost because it could not be written.", {},
      [file = audit->get()] { return file != nullptr ? static_cast<double>(file->lost_lines()) : 0; });
  const auto engine_metrics = register_engine_metrics(engine->statistics, &metrics);
  http::EventLoops loops(options.threads);
  Catalog catalog(engine->storage.get(), &clock, options.account_id);
  const auto loaded = sync_wait(catalog.load());
  if (!loaded) return failed("cannot read the catalog: " + loaded.error().message);
  ItemStore items(
      engine->storage.get(), &clock,
      {.durability = options.durability == "durable" ? storage::Durability::kDurable : storage::Durability::kBuffered,
       .enforce_throughput = options.throttle,
       .collection_limit_bytes = options.max_collection_bytes});
  TransactionStore transactions(engine->storage.get(), &items, &clock);
  StreamStore streams(engine->storage.get(), &catalog, &clock,
                      {.retention_ms = options.stream_retention_s * 1000, .shards = {}});
  StreamKeeper stream_keeper(engine->storage.get(), &catalog, &streams, &clock);

  auth::IdentityStore identities(engine->storage.get(), &clock, std::move(*keys), options.account_id);
  const auto identities_loaded = sync_wait(identities.load());
  if (!identities_loaded) return failed("cannot read the identities: " + identities_loaded.error().message);

  auto allowed_addresses = IpAllowList::parse(options.allow_ip);
  auto trusted_proxies = IpAllowList::parse(options.trusted_proxies);
  if (!allowed_addresses) return failed("--allow-ip: " + allowed_addresses.error());
  if (!trusted_proxies) return failed("--trusted-proxy: " + trusted_proxies.error());
  const AddressGate gate(std::move(*allowed_addresses), identities);
  http->allow_peer = [&gate](const IpAddress& peer) { return gate.admits(peer); };
  WorkerThread worker;

  api::ServiceOptions service_options;
  service_options.default_region = options.region;
  service_options.table_transition_ms = options.table_transition_ms;
  service_options.max_tables_per_region = options.max_tables;
  service_options.ttl_change_interval_ms = options.ttl_change_interval_s * 1000;
  service_options.command_line_allowed_ips = options.allow_ip;
  service_options.root_may_assume_roles = options.dev;
  api::Services services{catalog, items, clock, service_options, transactions, streams, &identities, &worker};
  const auth::IdentityCredentialStore store({credentials->access_key_id, credentials->secret_access_key}, identities);
  const auth::sigv4::Verifier unaudited(store, clock);
  const api::AuditedAuthenticator unbraked(unaudited, clock, audit->get());
  auth::AttemptBrake brake(clock);
  const auto brake_metric =
      metrics.counter_function("armature_attempts_refused_total",
                               "Requests refused because their address had sent too many signatures that do not hold.",
                               {}, [&brake] { return static_cast<double>(brake.refused()); });
  const auth::BrakedAuthenticator verifier(unbraked, &brake);
  const auth::PermissiveAuthenticator permissive(options.region, options.account_id);
  const auth::Authenticator& authenticator =
      options.dev ? static_cast<const auth::Authenticator&>(permissive) : verifier;
  const api::IamAuthorizer authorizer(
      catalog, clock, {.scans_have_unknown_keys = options.scan_leading_keys == "unknown", .audit_log = audit->get()});
  api::Dispatcher dispatcher(services, authenticator, authorizer, &metrics,
                             {.slow_request = std::chrono::milliseconds(options.slow_request_ms)});

  const auto refresh_threads = [&loops, &catalog] {
    for (std::size_t i = 0; i < loops.size(); ++i) loops.at(i).post_work([&catalog] { catalog.refresh(); });
  };
  Builder builder(&catalog, engine->storage.get(), {.refresh_threads = refresh_threads}, &metrics);
  Expirer expirer(&catalog, &items, engine->storage.get(), &clock,
                  {.delay_s = options.ttl_delay_s, .deletes_per_second = options.ttl_rate}, &metrics);
  BackgroundRunner background(&metrics);

  const console::ConsoleOptions console_settings = console_options(options, *engine, audit->get());
  connector::LoopThread console_loop;
  console::Services console_services{
      .dispatcher = dispatcher,
      .database = services,
      .authenticator = authenticator,
      .credentials = store,
      .authorizer = authorizer,
      .options = console_settings,
      .seal = console::SessionSeal(&identities.keys()),
      .delay = console::SignInDelay(&clock),
      .history = console::MetricsHistory(&metrics, &clock, [&catalog] { return api::used_tables(catalog); }),
      .rows = console::Rows(engine->storage.get()),
      .connections = console::StoredConnections(&console_services.rows, &identities.keys()),
      .queries = console::StoredQueries(&console_services.rows, &clock),
      .ended = console::EndedSessions(&console_services.rows),
      .open_connections = console::OpenConnections(&console_loop, &clock)};
  console::Handler console(&dispatcher, &console_services, std::move(*console_addresses));
  http::Handler& direct = options.console ? static_cast<http::Handler&>(console) : dispatcher;
  ForwardedAddress forwarded(direct, std::move(*trusted_proxies), gate);
  http::Handler& handler = options.trusted_proxies.empty() ? direct : forwarded;

  auto server = http::Server::start(std::move(*http), handler, loops, metrics);
  if (!server) return failed(server.error());
  service_options.endpoint_address = (*server)->address();
  if (options.console) console_services.history.start(&loops.next());
  loops.next().post_work([&services] { api::resume_transitions(services); });
  background.add(loops.next(), {.name = "build", .step = [&builder] { return builder.step(); }});
  background.add(loops.next(), {.name = "expiry", .step = [&expirer] { return expirer.step(); }});
  background.add(loops.next(), {.name = "key_usage", .step = [&identities] { return note_key_usage(&identities); }});
  background.add(loops.next(), {.name = "streams", .step = [&stream_keeper] { return stream_keeper.step(); }});
  print_ready(options, *credentials, *engine, (*server)->address(), std::chrono::steady_clock::now() - begin);

  wait_for_end(signals, !options.tls_certificate.empty(), server->get(), audit->get());
  dispatcher.set_ready(false);
  if (!(*server)->drain(std::chrono::seconds(options.drain_timeout_s))) {
    log(LogLevel::kWarning, "some requests were still running and have been cut");
  }
  server->reset();
  background.stop();
  (void)sync_wait(identities.flush_usage());
  // The engine completes what it accepted while the loops still run to hear of it.
  if (engine->close) engine->close();
  loops.stop();
  return 0;
}

}  // namespace armature::cmd
