// How errors look on the wire. Source: Developer Guide, "Error handling with DynamoDB"; API Reference, "Common Errors".
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "model/error.h"

namespace armature::api {

struct WireError {
  int status;
  std::string_view type;  // "__type": a namespace, '#', and the name clients match.

  constexpr std::string_view name() const { return type.substr(type.find('#') + 1); }
};

WireError wire_error(ErrorCode code);

// Appends the JSON body of an error reply.
void encode_error(const Error& error, Bytes* out);

}  // namespace armature::api
