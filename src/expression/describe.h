// Attribute values the way DynamoDB's error texts show them.
#pragma once

#include <string>

#include "model/value.h"

namespace armature::expression {

// "AttributeValue: {S:y}". Binary comes as base64.
std::string describe(const Value& value);

}  // namespace armature::expression
