#include "expression/condition.h"

#include "expression/ast.h"

namespace armature::expression {

std::string_view parameter_name(Parameter parameter) {
  switch (parameter) {
    case Parameter::kCondition: return "ConditionExpression";
    case Parameter::kFilter: return "FilterExpression";
    case Parameter::kKeyCondition: return "KeyConditionExpression";
    case Parameter::kProjection: return "ProjectionExpression";
    case Parameter::kUpdate: return "UpdateExpression";
  }
  return "Expression";
}

namespace {

// Calls visit(path) for every path in text order until it returns true; whether it did.
template <class Visit>
bool any_path(const Condition& condition, const Visit& visit) {
  for (const Condition* child : condition.children) {
    if (any_path(*child, visit)) return true;
  }
  for (const Operand& operand : condition.operands) {
    if (operand.has_path() && visit(operand.path)) return true;
  }
  return false;
}

}  // namespace

void for_each_attribute(const Condition& condition, void (*visit)(void* context, std::string_view name),
                        void* context) {
  any_path(condition, [&](const DocumentPath& path) {
    visit(context, path.top_level_name());
    return false;
  });
}

const KeyAttribute* first_key_attribute(const Condition& condition, const KeySchema& schema) {
  const KeyAttribute* found = nullptr;
  any_path(condition, [&](const DocumentPath& path) {
    found = schema.find(path.top_level_name());
    return found != nullptr;
  });
  return found;
}

Result<void> check_keys_are_scalars(const Condition& condition, const KeySchema& schema, KeyKind kind) {
  Result<void> result;
  any_path(condition, [&](const DocumentPath& path) {
    result = check_key_is_scalar(path, schema, kind);
    return !result;
  });
  return result;
}

Result<void> check_key_is_scalar(const DocumentPath& path, const KeySchema& schema, KeyKind kind) {
  if (!path.is_nested() || schema.find(path.top_level_name()) == nullptr) return {};
  return invalid("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " +
                 std::string(kind == KeyKind::kTable ? "Key: " : "IndexKey: ") + std::string(path.top_level_name()));
}

}  // namespace armature::expression
