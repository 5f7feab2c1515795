// SET and REMOVE as an update program of expression/.
#pragma once

#include "base/arena.h"
#include "expression/ast.h"
#include "model/error.h"
#include "partiql/statement.h"
#include "partiql/value_binder.h"

namespace armature::partiql {

class UpdateBinder {
 public:
  UpdateBinder(ValueBinder* values, Arena* arena) : values_(*values), arena_(arena) {}

  Result<const expression::UpdateProgram*> bind(std::span<const Assignment> assignments);

 private:
  Result<expression::UpdateAction> bind_assignment(const Assignment& assignment);
  // SET s = set_add(s, <<…>>) and set_delete: what ADD and DELETE are in an UpdateExpression.
  Result<expression::UpdateAction> bind_set_function(const Assignment& assignment);
  Result<const expression::UpdateTerm*> bind_term(const Node& node);
  Result<const expression::UpdateTerm*> bind_call(const Node& node);
  Result<const expression::UpdateTerm*> bind_binary(const Node& node, expression::UpdateTerm::Kind kind,
                                                    std::string_view operation);

  ValueBinder& values_;
  Arena* const arena_;
};

}  // namespace armature::partiql
