// Table definitions for tests, in one line:
//
//   const TableDefinition orders = table("Orders").pk("id", 'S').sk("line", 'N')
//                                      .lsi("by_price", "price", 'N')
//                                      .gsi("by_day", {{"customer", 'S'}}, {{"day", 'N'}})
//                                      .include({"note"});
//
// Words about projection and throughput apply to the index named last, or to the table before any index was named.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "catalog/table_definition.h"

namespace armature::test {

// 'S', 'N' or 'B'.
inline Type key_type(char letter) {
  ARMATURE_ASSERT(letter == 'S' || letter == 'N' || letter == 'B');
  return letter == 'S' ? Type::kString : letter == 'N' ? Type::kNumber : Type::kBinary;
}

struct KeyPart {
  const char* name;
  char type;
};

class TableBuilder {
 public:
  explicit TableBuilder(std::string name) {
    table_.account_id = "000000000000";
    table_.region = "us-east-1";
    table_.name = std::move(name);
    table_.arn = table_arn(table_.region, table_.account_id, table_.name);
    table_.key_space = kTestKeySpace;
    table_.billing = BillingMode::kPayPerRequest;
  }

  TableBuilder& pk(const char* name, char type) {
    table_.key.partition = {define({name, type})};
    return *this;
  }
  TableBuilder& sk(const char* name, char type) {
    table_.key.sort = {define({name, type})};
    return *this;
  }
  TableBuilder& lsi(const char* name, const char* sort_key, char type) {
    IndexDefinition index = new_index(name);
    index.key_space = kTestKeySpace + index.id;
    index.key = {table_.key.partition, {define({sort_key, type})}};
    table_.keeps_collection_sizes = true;
    table_.local_indexes.push_back(std::move(index));
    latest_ = &TableDefinition::local_indexes;
    return *this;
  }
  TableBuilder& gsi(const char* name, std::initializer_list<KeyPart> partition,
                    std::initializer_list<KeyPart> sort = {}) {
    IndexDefinition index = new_index(name);
    index.global = true;
    index.key_space = kTestKeySpace + index.id;
    for (const KeyPart& part : partition) index.key.partition.push_back(define(part));
    for (const KeyPart& part : sort) index.key.sort.push_back(define(part));
    table_.global_indexes.push_back(std::move(index));
    latest_ = &TableDefinition::global_indexes;
    return *this;
  }

  TableBuilder& keys_only() {
    latest().projection = ProjectionType::kKeysOnly;
    return *this;
  }
  TableBuilder& include(std::vector<std::string> attributes) {
    latest().projection = ProjectionType::kInclude;
    latest().non_key_attributes = std::move(attributes);
    return *this;
  }
  // Makes the table a provisioned one.
  TableBuilder& provisioned(std::int64_t read_units, std::int64_t write_units) {
    table_.billing = BillingMode::kProvisioned;
    ProvisionedThroughput& throughput = latest_ != nullptr ? latest().throughput : table_.throughput;
    throughput.read_units = read_units;
    throughput.write_units = write_units;
    return *this;
  }

  operator TableDefinition() const { return table_; }  // NOLINT: that is what it is for

 private:
  static constexpr storage::KeySpaceId kTestKeySpace = 5000;

  KeyAttribute define(KeyPart part) {
    const KeyAttribute attribute{part.name, key_type(part.type)};
    if (table_.find_attribute_definition(part.name) == nullptr) table_.attribute_definitions.push_back(attribute);
    return attribute;
  }
  IndexDefinition new_index(const char* name) {
    IndexDefinition index;
    index.name = name;
    index.id = table_.next_index_id++;
    return index;
  }
  IndexDefinition& latest() {
    ARMATURE_ASSERT(latest_ != nullptr);
    return (table_.*latest_).back();
  }

  TableDefinition table_;
  std::vector<IndexDefinition> TableDefinition::*latest_ = nullptr;  // Where the index named last is.
};

inline TableBuilder table(std::string name) { return TableBuilder(std::move(name)); }

}  // namespace armature::test
