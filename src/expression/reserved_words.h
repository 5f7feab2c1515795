// The words an expression may not use as a bare attribute name.
// Source: Developer Guide, "Reserved words in DynamoDB".
#pragma once

#include <string_view>

namespace armature::expression {

// In any case: `status` is as reserved as `STATUS`. Safe from any thread.
bool is_reserved_word(std::string_view word);

}  // namespace armature::expression
