#include "api/dynamodb/transact.h"

#include <algorithm>
#include <string>
#include <utility>

namespace armature::api {

Result<void> check_payload_size(std::size_t payload_bytes) {
  if (payload_bytes <= kMaxTransactBytes) return {};
  return invalid("Transaction payload size cannot exceed 4MB. Payload Size: " + std::to_string(payload_bytes));
}

Result<void> DistinctItems::add(const TableDefinition& table, BytesView item_key) {
  Bytes name;
  append_u64_be(&name, table.key_space);
  name.append(item_key);
  if (seen_.insert(std::move(name)).second) return {};
  return invalid("Transaction request cannot include multiple operations on one item");
}

bool refuses_request(const Error& key_error) {
  const std::string& message = key_error.message;
  return message.find("The AttributeValue for a key attribute cannot contain an empty") != std::string::npos &&
         message.find("secondary index key") == std::string::npos;
}

void TransactCapacity::add(const TableDefinition& table, std::string_view table_name,
                           const ConsumedCapacity& consumed) {
  const auto found = std::find_if(tables_.begin(), tables_.end(),
                                  [&](const PerTable& one) { return one.table->key_space == table.key_space; });
  if (found != tables_.end()) {
    found->consumed += consumed;
  } else {
    tables_.push_back({&table, table_name, consumed});
  }
}

std::vector<CapacityReport> TransactCapacity::reports(const std::optional<ReturnConsumedCapacity>& wanted) && {
  std::vector<CapacityReport> reports;
  for (PerTable& one : tables_) {
    auto report = report_capacity(wanted, one.table_name, std::move(one.consumed));
    if (report) reports.push_back(std::move(*report));
  }
  return reports;
}

}  // namespace armature::api
