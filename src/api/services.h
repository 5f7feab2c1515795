// What operations work with. Built once in cmd/, outlives every request, shared by all event loops.
#pragma once

#include <string>
#include <vector>

#include "auth/identity/identity_store.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/worker_thread.h"
#include "catalog/catalog.h"
#include "table/item_store.h"
#include "table/stream_store.h"
#include "txn/transaction_store.h"

namespace armature::api {

struct ServiceOptions {
  std::string default_region = "us-east-1";
  std::string endpoint_address = "127.0.0.1:8000";  // For DescribeEndpoints: host:port, no scheme.
  // DynamoDB answers some checks of PutItem and UpdateItem with the prefix "1 validation error detected: ".
  bool validation_envelope = true;
  // --allow-ip, for GetAllowList.
  std::vector<std::string> command_line_allowed_ips = {};
  // With --dev everybody is root, and AssumeRole would be good for nothing.
  bool root_may_assume_roles = false;
  // How long tables stay CREATING, UPDATING or DELETING; 0: changes show at once.
  std::int64_t table_transition_ms = 0;
  std::int64_t max_tables_per_region = 2500;
  // Between two UpdateTimeToLive of one table, at least.
  std::int64_t ttl_change_interval_ms = 3'600'000;
  // Provisioned units: DescribeLimits tells them, CreateTable and UpdateTable hold each table and index to the second
  // pair.
  std::int64_t max_account_read_units = 80'000;
  std::int64_t max_account_write_units = 80'000;
  std::int64_t max_table_read_units = 40'000;
  std::int64_t max_table_write_units = 40'000;
  // After so many decreases of one table's or index's units on one UTC day, one an hour.
  std::int64_t max_throughput_decreases_per_day = 4;
};

struct Services {
  Catalog& catalog;
  ItemStore& items;
  const Clock& clock;
  const ServiceOptions& options;
  TransactionStore& transactions;
  StreamStore& streams;
  // Of IAM and STS; their operations need them.
  auth::IdentityStore* identities = nullptr;
  WorkerThread* worker = nullptr;  // For what takes long, such as hashing a password.
};

}  // namespace armature::api
