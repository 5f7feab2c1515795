// "Show as code": a bound query as a program of somebody else's client would send it. Secrets are not in it. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "connector/bind_query.h"
#include "connector/saved_connection.h"

namespace armature::connector {

std::span<const std::string_view> code_languages();  // "cli", "curl", "python", "javascript", "java", "go".

// The error names the languages there are, or says that the operation has no form in this one: Java and Go know the
// operations on items and PartiQL.
Expected<std::string, std::string> query_code(const SavedConnection& connection, const BoundQuery& query,
                                              std::string_view language);

}  // namespace armature::connector
