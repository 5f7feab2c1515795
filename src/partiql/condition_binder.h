// WHERE as a condition of expression/.
#pragma once

#include <string_view>
#include <vector>

#include "base/arena.h"
#include "expression/ast.h"
#include "expression/operand_checks.h"
#include "model/error.h"
#include "partiql/statement.h"
#include "partiql/value_binder.h"

namespace armature::partiql {

// Most members of one IN. Source: Developer Guide, "PartiQL operators for DynamoDB".
inline constexpr std::size_t kMaxInMembers = 100;

class ConditionBinder {
 public:
  ConditionBinder(ValueBinder* values, Arena* arena) : values_(*values), arena_(arena) {}

  Result<const expression::Condition*> bind(const Node& node);

 private:
  using Operands = std::vector<expression::Operand>;

  Result<const expression::Condition*> bind_connective(const Node& node);
  Result<const expression::Condition*> bind_comparison(const Node& node);
  Result<const expression::Condition*> bind_between(const Node& node);
  Result<const expression::Condition*> bind_in(const Node& node);
  Result<const expression::Condition*> bind_state(const Node& node);
  Result<const expression::Condition*> bind_call(const Node& node);
  Result<Operands> bind_operands(Nodes nodes);
  Result<expression::Operand> bind_operand(const Node& node);
  Result<expression::Operand> bind_size(const Node& node);
  Result<Operands> bind_members(const Node& node);

  ValueBinder& values_;
  Arena* const arena_;
};

}  // namespace armature::partiql
