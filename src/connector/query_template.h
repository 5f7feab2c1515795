// The {{variables}} in a text of a query. Pure; safe from any thread.
#pragma once

#include <string_view>
#include <vector>

namespace armature::connector {

// DynamoDB JSON of the page before's LastEvaluatedKey.
inline constexpr std::string_view kLastKey = "$page.lastKey";
// Variables that every query has without declaring them.
inline constexpr std::string_view kBuiltIn[] = {"$now", "$nowMs", "$uuid", "$user", kLastKey};

struct TemplatePart {
  bool variable;
  std::string_view text;  // Of a variable: its name.
};

// Without blanks and tabs around it.
std::string_view trimmed(std::string_view text);

// The parts of `text`, which they borrow from, in their order. What is between {{ and }} and no name stays text.
std::vector<TemplatePart> split_template(std::string_view text);
bool has_variables(std::string_view text);

}  // namespace armature::connector
