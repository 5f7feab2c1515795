// Values of a query's variables: typed, checked, as attribute values. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "connector/saved_query.h"

namespace armature::connector {

struct BindError {
  std::string message;
  std::vector<std::string> missing;  // Variables that are required and have no value.
};

inline Unexpected<BindError> bind_failure(std::string message) { return Unexpected(BindError{std::move(message), {}}); }

// A variable with its value, as DynamoDB JSON.
struct BoundVariable {
  VariableType type;
  std::string value;  // {"S":"x"}; of a name: the name.
};

// {"S":"text"}, for types whose value is one text.
std::string attribute_value_json(std::string_view type, std::string_view text);

// The value of the variable `name` from a JSON text: of L, M and sets, plain JSON (plain_json.h), of the others a
// scalar. A value already in DynamoDB JSON of the type is taken as well, and for types that no text is a value of, one
// whose content is such JSON. The error names the variable and what it has to be.
Expected<BoundVariable, BindError> bind_variable(const std::string& name, VariableType type,
                                                 const std::string& json_text);

}  // namespace armature::connector
