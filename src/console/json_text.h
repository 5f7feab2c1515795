// A parsed JSON value as text again: numbers keep their digits, members their order.
#pragma once

#include "wire/json.h"

namespace armature::console {

void write_json(const wire::Json& value, wire::JsonWriter* writer);
Bytes json_text(const wire::Json& value);

}  // namespace armature::console
