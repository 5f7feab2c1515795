// Where the statements of a policy stand in its text, for those who point at them. A scan beside the JSON parser, whose
// tree has no positions.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace armature::auth::iam {

struct TextRange {
  std::size_t begin = 0;  // Of the opening brace.
  std::size_t end = 0;    // Behind the closing one.
};

// One range for each statement, in order. `document` is valid JSON, an object with one member "Statement".
std::vector<TextRange> statement_positions(std::string_view document);

}  // namespace armature::auth::iam
