// One line in the log for each call that somebody made with the console: who, where, what, on which tables, how much.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "connector/open_connection.h"
#include "console/api_call.h"

namespace armature::console {

struct AuditedCall {
  std::string_view connection;  // Its name.
  std::string_view operation;
  std::string_view body;     // Names the tables; nothing else of it is written down.
  std::string_view outcome;  // "ok", or the error's type.
  std::optional<std::int64_t> count = {};
};

void audit(const ApiCall& call, const AuditedCall& made);

// The tables a request names, joined by blanks: TableName, the keys of RequestItems, those of PartiQL statements and of
// the parts of a transaction.
std::string tables_of(std::string_view body);

}  // namespace armature::console
