// Parsed expressions by text. Applications send the same few expressions for ever, so a request usually only binds.
//
// One cache a thread, so there is no lock; least recently used trees go first when it is full. Texts that do not parse
// are not kept.
#pragma once

#include <string_view>

#include "expression/condition.h"
#include "expression/syntax.h"
#include "model/error.h"

namespace armature::expression {

// Memory one thread's cache may take, about.
inline constexpr std::size_t kParseCacheBytes = 1024 * 1024;

// The tree of `text`, valid until this thread's next call. Errors are complete: "Invalid …Expression: …".
Result<const SyntaxTree*> parse_cached(std::string_view text, Parameter parameter);

// "Invalid FilterExpression: " and `text`, as a validation error.
Unexpected<Error> invalid_expression(Parameter parameter, std::string_view text);

}  // namespace armature::expression
