// What one call cost, split the way ReturnConsumedCapacity reports it. Counted in whole half units so that sums are
// exact. Source: Developer Guide, "DynamoDB read and write operations"; API Reference, "ConsumedCapacity".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace armature {

struct CapacityAmount {
  std::int64_t read_half_units = 0;
  std::int64_t write_half_units = 0;  // Always even.

  CapacityAmount& operator+=(const CapacityAmount& other) {
    read_half_units += other.read_half_units;
    write_half_units += other.write_half_units;
    return *this;
  }
  std::int64_t half_units() const { return read_half_units + write_half_units; }
};

struct IndexCapacity {
  std::string index_name;
  bool global = false;
  CapacityAmount amount;
};

struct ConsumedCapacity {
  CapacityAmount table;
  std::vector<IndexCapacity> indexes;  // Only those touched.

  CapacityAmount total() const {
    CapacityAmount sum = table;
    for (const IndexCapacity& index : indexes) sum += index.amount;
    return sum;
  }
  void add_index(const std::string& index_name, bool global, const CapacityAmount& amount) {
    for (IndexCapacity& index : indexes) {
      if (index.index_name == index_name) {
        index.amount += amount;
        return;
      }
    }
    indexes.push_back({index_name, global, amount});
  }
  ConsumedCapacity& operator+=(const ConsumedCapacity& other) {
    table += other.table;
    for (const IndexCapacity& index : other.indexes) add_index(index.index_name, index.global, index.amount);
    return *this;
  }
};

}  // namespace armature
