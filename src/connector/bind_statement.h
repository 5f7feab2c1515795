// Binds the variables of a PartiQL statement: see bind_query.h. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "connector/bound_variables.h"

namespace armature::connector {

// The request of ExecuteStatement, its variables parameters of it.
Expected<std::string, BindError> bind_statement(std::string_view statement, const BoundVariables& variables);

}  // namespace armature::connector
