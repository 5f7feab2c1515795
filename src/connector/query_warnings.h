// What is worth saying about how a query ran. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/table_keys.h"
#include "wire/json.h"

namespace armature::connector {

struct RunFigures {
  std::optional<std::int64_t> count;
  std::optional<std::int64_t> scanned_count;
};

// The table whose keys the warnings about `request` need; empty: none.
std::string table_to_look_at(std::string_view operation, const wire::Json& request);

// `keys` of that table, when they are known. The request is what was sent.
std::vector<std::string> query_warnings(std::string_view operation, const wire::Json& request, const TableKeys* keys,
                                        const RunFigures& figures);

}  // namespace armature::connector
