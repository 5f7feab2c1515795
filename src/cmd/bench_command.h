// `armature bench`: a load generator for any DynamoDB endpoint.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/secret.h"

namespace CLI {
class App;
}

namespace armature::cmd {

struct BenchOptions {
  std::string endpoint = "http://127.0.0.1:8000";
  std::string region = "us-east-1";
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  std::string ca_file;
  std::string table;  // Empty: "armature-bench-" and what the workload needs.

  std::vector<std::string> workloads = {"get"};
  std::uint64_t items = 100'000;
  std::uint32_t item_bytes = 1000;
  std::string distribution = "uniform";
  std::uint32_t connections = 64;
  std::uint32_t threads = 0;  // 0: as default_threads() has it.
  double seconds = 10;
  double warmup_seconds = 1;
  double rate =
      0;  // Requests a second in all; 0: each connection sends its next request when the last one is answered.
  std::uint32_t page_items = 100;
  std::uint64_t seed = 1;
  bool skip_load = false;
  bool keep_table = false;
  bool consistent = false;
  std::int64_t server_pid = 0;  // Its CPU time is measured too.
  bool json = false;
};

CLI::App* add_bench_command(CLI::App* app, BenchOptions* options);
int bench(const BenchOptions& options);

}  // namespace armature::cmd
