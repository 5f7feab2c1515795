#include "cmd/bench_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <thread>

#include "base/clock.h"
#include "cmd/bench/load_generator.h"
#include "wire/json.h"

namespace armature::cmd {
namespace {

std::string check_workload(const std::string& name) {
  return parse_mix(name) ? std::string()
                         : "no workload '" + name +
                               "'; there are bare, get, put, update, query, scan, ycsb-a, ycsb-b, "
                               "ycsb-c, ycsb-f, put-gsi, put-stream, stream and ttl";
}

void show_progress(std::uint64_t loaded, std::uint64_t items) {
  if (isatty(STDERR_FILENO) == 0) return;
  fmt::print(stderr, "\rloading {} of {} items", loaded, items);
  if (loaded == items) fmt::print(stderr, "\n");
}

std::uint64_t total_errors(const LoadReport& report) {
  std::uint64_t sum = 0;
  for (const auto& [type, count] : report.errors) sum += count;
  return sum;
}

constexpr double kQuantiles[] = {0.5, 0.9, 0.99, 0.999};
constexpr const char* kQuantileNames[] = {"p50", "p90", "p99", "p99.9"};

void print_text(std::string_view name, const LoadReport& report) {
  const auto requests = static_cast<double>(report.latency.count());
  const auto milliseconds = [](std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; };
  fmt::print("{:<8} {:>9.0f} requests/s ", name, requests / report.seconds);
  for (std::size_t i = 0; i < std::size(kQuantiles); ++i) {
    fmt::print(" {} {:.3f} ms", kQuantileNames[i], milliseconds(report.latency.quantile(kQuantiles[i])));
  }
  fmt::print("  max {:.3f} ms", milliseconds(report.latency.largest()));
  if (requests > 0) {
    fmt::print("  client {:.1f} us CPU", report.client_cpu_seconds / requests * 1e6);
    if (report.server_cpu_seconds >= 0)
      fmt::print("  server {:.1f} us CPU", report.server_cpu_seconds / requests * 1e6);
  }
  fmt::print("\n");
  for (const auto& [type, count] : report.errors) fmt::print("        {} times: {}\n", count, type);
  std::fflush(stdout);
}

void print_json(std::string_view name, const BenchOptions& options, const LoadReport& report) {
  const auto requests = static_cast<double>(report.latency.count());
  Bytes text;
  wire::JsonWriter json(&text);
  json.begin_object();
  json.member("workload", name);
  json.member("connections", static_cast<std::int64_t>(options.connections));
  json.member("items", static_cast<std::int64_t>(options.items));
  json.member("item_bytes", static_cast<std::int64_t>(options.item_bytes));
  json.key("rate"), json.real(options.rate);
  json.key("seconds"), json.real(report.seconds);
  json.member("requests", static_cast<std::int64_t>(report.latency.count()));
  json.key("requests_per_second"), json.real(requests / report.seconds);
  for (std::size_t i = 0; i < std::size(kQuantiles); ++i) {
    json.key(std::string(kQuantileNames[i]) + "_ms");
    json.real(static_cast<double>(report.latency.quantile(kQuantiles[i])) / 1e6);
  }
  json.key("max_ms"), json.real(static_cast<double>(report.latency.largest()) / 1e6);
  if (requests > 0) {
    json.key("client_cpu_us_per_request"), json.real(report.client_cpu_seconds / requests * 1e6);
    if (report.server_cpu_seconds >= 0) {
      json.key("server_cpu_us_per_request"), json.real(report.server_cpu_seconds / requests * 1e6);
    }
  }
  json.key("errors");
  json.begin_object();
  for (const auto& [type, count] : report.errors) json.member(type, static_cast<std::int64_t>(count));
  json.end_object();
  json.end_object();
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

// As fast as possible, one thread would be the limit; at a given rate, which is less, a second one would only take more
// turns on the server's cores.
std::uint32_t default_threads(const BenchOptions& options) {
  return options.rate > 0 ? 1 : std::max(1U, std::thread::hardware_concurrency());
}

Expected<LoadTarget, std::string> make_target(const BenchOptions& options) {
  LoadTarget target;
  TRY_ASSIGN(target.endpoint, connector::parse_endpoint(options.endpoint));
  if (options.access_key_id.empty() || options.secret_access_key.empty()) {
    return Unexpected(std::string("credentials are missing: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"));
  }
  target.identity = {{options.access_key_id, Secret(options.secret_access_key), options.session_token}, options.region};
  target.connection.ca_file = options.ca_file;
  target.connection.keep_headers = false;
  target.connections = options.connections;
  target.threads = options.threads != 0 ? options.threads : default_threads(options);
  target.seed = options.seed;
  return target;
}

void print(std::string_view name, const BenchOptions& options, const LoadReport& report) {
  options.json ? print_json(name, options, report) : print_text(name, report);
}

std::string default_table(const WorkloadOptions& options) {
  switch (options.mix) {
    case Mix::kPutGsi: return "armature-bench-indexed";
    case Mix::kTtl: return "armature-bench-ttl";
    case Mix::kPutStream:
    case Mix::kStream: return "armature-bench-stream";
    default: return options.has_sort_key() ? "armature-bench-sorted" : "armature-bench";
  }
}

Expected<void, std::string> run_workload(const BenchOptions& options, const LoadTarget& target, Mix mix) {
  WorkloadOptions workload_options{.mix = mix,
                                   .table = options.table,
                                   .items = options.items,
                                   .item_bytes = options.item_bytes,
                                   .page_items = options.page_items,
                                   .zipfian = options.distribution == "zipfian",
                                   .consistent = options.consistent,
                                   // An hour ago: so that expiry begins as soon as it is turned on.
                                   .expired_at_s = SystemClock().now_s() - 3600};
  if (workload_options.table.empty()) workload_options.table = default_table(workload_options);
  if (mix == Mix::kStream && target.connections < 2) {
    return Unexpected(std::string("workload stream reads with one connection and writes with the others: give it two"));
  }
  const Workload workload(workload_options);
  const bool needs_table = mix != Mix::kBare;
  if (needs_table && !options.skip_load) TRY(load_table(target, workload, show_progress));
  const LoadSchedule schedule{.warmup_seconds = options.warmup_seconds,
                              .seconds = options.seconds,
                              .rate = options.rate,
                              .server_pid = options.server_pid};
  TRY_ASSIGN(LoadReport report, run_load(target, workload, schedule));
  print(mix == Mix::kTtl ? "ttl-quiet" : mix_name(mix), options, report);
  if (mix == Mix::kTtl) {
    TRY(enable_expiry(target, workload));
    TRY_ASSIGN(report, run_load(target, workload, schedule));
    print("ttl-busy", options, report);
  }
  if (needs_table && !options.keep_table) TRY(delete_table(target, workload));
  if (report.latency.count() == 0 && total_errors(report) > 0) {
    return Unexpected(fmt::format("no request of workload {} succeeded", mix_name(mix)));
  }
  return {};
}

}  // namespace

CLI::App* add_bench_command(CLI::App* app, BenchOptions* options) {
  CLI::App* bench = app->add_subcommand("bench", "Measure a DynamoDB endpoint under load");
  bench->add_option("--endpoint", options->endpoint, "Endpoint URL")
      ->envname("AWS_ENDPOINT_URL")
      ->capture_default_str();
  bench->add_option("--region", options->region, "Region to sign for")
      ->envname("AWS_DEFAULT_REGION")
      ->capture_default_str();
  bench->add_option("--access-key-id", options->access_key_id, "Access key")->envname("AWS_ACCESS_KEY_ID");
  bench
      ->add_option("--secret-access-key", options->secret_access_key,
                   "Its secret; better given as AWS_SECRET_ACCESS_KEY")
      ->envname("AWS_SECRET_ACCESS_KEY");
  bench->add_option("--session-token", options->session_token, "Session token")->envname("AWS_SESSION_TOKEN");
  bench->add_option("--ca-file", options->ca_file, "Authorities to trust (PEM); default the system's");
  bench->add_option("--table", options->table, "Table to make and use; default armature-bench");
  bench
      ->add_option("--workload", options->workloads,
                   "bare, get, put, put-gsi, update, query, scan, ycsb-a, ycsb-b, ycsb-c, ycsb-f, ttl, put-stream, "
                   "stream; several run one after "
                   "another")
      ->delimiter(',')
      ->check(check_workload)
      ->capture_default_str();
  bench->add_option("--items", options->items, "Items in the table")->check(CLI::PositiveNumber)->capture_default_str();
  bench->add_option("--item-bytes", options->item_bytes, "Bytes of an item, about")
      ->check(CLI::Range(10, 350'000))
      ->capture_default_str();
  bench->add_option("--distribution", options->distribution, "Which items requests are for: uniform or zipfian")
      ->check(CLI::IsMember({"uniform", "zipfian"}))
      ->capture_default_str();
  bench->add_option("--connections", options->connections, "Connections")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  bench->add_option("--threads", options->threads, "Threads of the generator; 0: one with --rate, else one a core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  bench->add_option("--seconds", options->seconds, "Seconds measured")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  bench->add_option("--warmup", options->warmup_seconds, "Seconds before that, not counted")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  bench
      ->add_option("--rate", options->rate,
                   "Requests a second in all, sent when due whatever the server does (open loop); default: as fast as "
                   "answers come")
      ->check(CLI::NonNegativeNumber);
  bench->add_option("--page-items", options->page_items, "Items a query or scan page asks for")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  bench->add_option("--seed", options->seed, "Seed of keys and items")->capture_default_str();
  bench->add_flag("--consistent", options->consistent, "Read with ConsistentRead");
  bench->add_flag("--skip-load", options->skip_load, "The table is there and full");
  bench->add_flag("--keep-table", options->keep_table, "Do not delete the table afterwards");
  bench->add_option("--server-pid", options->server_pid, "Process of a local server: its CPU time a request is shown");
  bench->add_flag("--json", options->json, "One JSON object a workload");
  return bench;
}

int bench(const BenchOptions& options) {
  const auto failed = [](const std::string& error) {
    fmt::print(stderr, "armature bench: {}\n", error);
    return 1;
  };
  const auto target = make_target(options);
  if (!target) return failed(target.error());
  for (const std::string& name : options.workloads) {
    const auto done = run_workload(options, *target, *parse_mix(name));
    if (!done) return failed(done.error());
  }
  return 0;
}

}  // namespace armature::cmd
