#include "expression/syntax.h"

namespace armature::expression {

Function function_named(std::string_view name) {
  struct Row {
    std::string_view name;
    Function function;
  };
  static constexpr Row kFunctions[] = {
      {"attribute_exists", Function::kAttributeExists},
      {"attribute_not_exists", Function::kAttributeNotExists},
      {"attribute_type", Function::kAttributeType},
      {"begins_with", Function::kBeginsWith},
      {"contains", Function::kContains},
      {"size", Function::kSize},
      {"if_not_exists", Function::kIfNotExists},
      {"list_append", Function::kListAppend},
  };
  for (const Row& row : kFunctions) {
    if (row.name == name) return row.function;
  }
  return Function::kUnknown;
}

}  // namespace armature::expression
