// What an error most likely means for the connection it came from, and what to do about it. Pure.
#pragma once

#include <string>

#include "connector/client.h"
#include "connector/saved_connection.h"

namespace armature::connector {

struct Explanation {
  std::string cause;   // "The secret access key is wrong". Empty: the error's own message says it all.
  std::string remedy;  // "Enter it again …". May be empty.
};

Explanation explain_error(const CallError& error, const SavedConnection& connection);
Explanation explain_transport_error(TransportErrorCode code, const std::string& message,
                                    const SavedConnection& connection);

}  // namespace armature::connector
