#include "api/dynamodb/guard.h"

#include "api/dynamodb/item_checks.h"

namespace armature::api {

Result<WriteGuard> bind_guard(const GuardParameters& request, expression::Placeholders* placeholders, Arena* arena) {
  if (request.expression_values) TRY(check_attributes(request.expression_values->attributes));
  WriteGuard guard;
  guard.return_item_on_failure = request.return_values_on_failure == ReturnValuesOnFailure::kAllOld;
  const bool any_expected = request.expected && !request.expected->empty();
  TRY(check_conditional_operator(request.conditional_operator, any_expected));
  if (any_expected) {
    const bool any = request.conditional_operator == ConditionalOperator::kOr;
    TRY_ASSIGN(guard.condition, expression::bind_expected(lower(*request.expected, arena), any, arena));
  }
  if (request.condition_expression) {
    TRY_ASSIGN(guard.condition, expression::bind_condition(*request.condition_expression,
                                                           expression::Parameter::kCondition, placeholders, arena));
  }
  return guard;
}

Result<void> check_old_values_only(const std::optional<ReturnValues>& return_values) {
  if (!return_values || *return_values == ReturnValues::kNone || *return_values == ReturnValues::kAllOld) return {};
  return invalid("ReturnValues can only be ALL_OLD or NONE");
}

}  // namespace armature::api
