// What the transaction operations share. Source: API Reference, "TransactWriteItems", "TransactGetItems".
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "api/dynamodb/usage.h"
#include "api/shape.h"
#include "catalog/table_definition.h"
#include "model/error.h"
#include "table/consumed_capacity.h"

namespace armature::api {

inline constexpr std::size_t kMaxTransactActions = 100;
inline constexpr std::size_t kMaxTransactBytes = 4 * 1024 * 1024;
inline constexpr Constraint kTransactItems{.required = true, .minimum = 1, .maximum = kMaxTransactActions};

// "Transaction payload size cannot exceed 4MB. Payload Size: N".
Result<void> check_payload_size(std::size_t payload_bytes);

// An item takes part in a transaction once, whatever is done with it and however its table is named.
class DistinctItems {
 public:
  // "Transaction request cannot include multiple operations on one item".
  Result<void> add(const TableDefinition& table, BytesView item_key);

 private:
  std::unordered_set<Bytes> seen_;
};

// Whether an error in a key refuses the whole request instead of cancelling the transaction: an empty key value does.
bool refuses_request(const Error& key_error);

// What a transaction cost its tables: one report each, in the order they were first named.
class TransactCapacity {
 public:
  void add(const TableDefinition& table, std::string_view table_name, const ConsumedCapacity& consumed);
  // The reports the request asked for.
  std::vector<CapacityReport> reports(const std::optional<ReturnConsumedCapacity>& wanted) &&;

 private:
  struct PerTable {
    const TableDefinition* table;
    std::string_view table_name;
    ConsumedCapacity consumed;
  };
  std::vector<PerTable> tables_;
};

}  // namespace armature::api
