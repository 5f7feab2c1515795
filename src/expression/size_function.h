// The function size().
// Source: Developer Guide, "Condition and filter expressions, operators, and functions in DynamoDB", "size (path)".
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "model/item.h"
#include "model/value.h"

namespace armature::expression {

// UTF-16 code units of a UTF-8 text: what DynamoDB counts for a string, neither its bytes nor its characters.
std::size_t utf16_length(std::string_view utf8);

// UTF-16 code units of S, bytes of B, members of sets, lists and maps; N, BOOL and NULL have no size.
std::optional<std::size_t> size_of(const Value& value);
std::optional<std::size_t> size_of(const EncodedValue& value);

}  // namespace armature::expression
