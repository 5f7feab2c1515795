// Parsed statements by text: applications send the same few statements for ever, with other parameters.
//
// One cache a thread, so there is no lock; least recently used statements go first when it is full. Who holds a
// StatementRef keeps the statement, whatever becomes of the cache. Texts that do not parse are not kept.
#pragma once

#include "partiql/statement.h"

namespace armature::partiql {

inline constexpr std::size_t kCachedStatements = 64;

// As ParsedStatement::parse().
Result<StatementRef> parse_cached(std::string_view text);

}  // namespace armature::partiql
