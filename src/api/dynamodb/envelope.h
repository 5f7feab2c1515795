// PutItem and UpdateItem word some validation errors as if the model had found them: "1 validation error detected: …".
// Recorded on the service in 2026; older recordings have the plain texts, so there is a switch (ServiceOptions).
#pragma once

#include <string_view>

namespace armature::api {

// Whether an error of these operations carries the prefix: expression syntax and size, placeholders, mixed parameters,
// sets and NULL values, ReturnValues. Keys, index keys, paths, values without a type, and sizes do not.
bool is_enveloped(std::string_view message);

inline constexpr std::string_view kEnvelope = "1 validation error detected: ";

}  // namespace armature::api
