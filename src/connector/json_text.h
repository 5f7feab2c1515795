// JSON trees back to text.
#pragma once

#include <string>
#include <string_view>

#include "wire/json.h"

namespace armature::connector {

// Writes `json` as it is: numbers keep their digits, members their order.
void write_json(const wire::Json& json, wire::JsonWriter* writer);

std::string json_text(const wire::Json& json);
// The same, indented by two blanks, for people.
std::string pretty_json(const wire::Json& json);

}  // namespace armature::connector
