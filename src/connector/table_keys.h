// The key attributes of tables and indexes, asked for once: for warnings, completion, and copies.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/task.h"
#include "connector/open_connection.h"

namespace armature::connector {

struct KeyNames {
  std::string partition_key;
  std::string sort_key;  // Empty: none.
};

struct TableKeys {
  KeyNames table;
  std::vector<std::pair<std::string, KeyNames>> indexes;  // By name.

  // Of an index, or of the table when `index` is empty; nullptr: there is no such index.
  const KeyNames* find(std::string_view index) const;
};

// What DescribeTable's reply says; nullopt when it is no such reply.
std::optional<TableKeys> read_table_keys(std::string_view describe_table_reply);

Task<std::optional<TableKeys>> fetch_table_keys(OpenConnection* connection, std::string table);

}  // namespace armature::connector
