// What only reads. A viewer, and a connection marked read-only, get nothing else.
#pragma once

#include <string_view>

#include "wire/json.h"

namespace armature::console {

// Whether a DynamoDB or Streams operation with this input may change anything. What is not known to only read counts
// as changing. Of the PartiQL operations it is the statements that decide.
bool changes_data(std::string_view operation, const wire::Json& input);
// The same of a PartiQL statement: only SELECT and EXISTS read.
bool statement_changes_data(std::string_view statement);
// The same of an action of "iam" or "sts". Actions of STS that hand out credentials count as changing.
bool changes_identities(std::string_view service, std::string_view action);

}  // namespace armature::console
