#include "partiql/condition_binder.h"

#include <utility>

#include "partiql/token_reader.h"

namespace armature::partiql {

using expression::Condition;
using expression::Fault;
using expression::Operand;

namespace {

Result<void> refuse(Fault fault) {
  if (fault) return invalid(std::move(*fault));
  return {};
}

Unexpected<Error> misused(std::string_view function) {
  return invalid("The function is not allowed to be used this way in an expression; function: " +
                 std::string(function));
}

bool is_update_function(std::string_view name) {
  return name == "list_append" || name == "if_not_exists" || name == "set_add" || name == "set_delete";
}

}  // namespace

Result<const Condition*> ConditionBinder::bind(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kAnd:
    case Node::Kind::kOr:
    case Node::Kind::kNot: return bind_connective(node);
    case Node::Kind::kComparison: return bind_comparison(node);
    case Node::Kind::kBetween: return bind_between(node);
    case Node::Kind::kIn: return bind_in(node);
    case Node::Kind::kIsMissing:
    case Node::Kind::kIsNull: return bind_state(node);
    case Node::Kind::kCall: return bind_call(node);
    case Node::Kind::kExists: return invalid("EXISTS can only be used in ExecuteTransaction write requests.");
    case Node::Kind::kLiteral:
    case Node::Kind::kParameter:
    case Node::Kind::kList:
    case Node::Kind::kSet:
    case Node::Kind::kMap:
    case Node::Kind::kPath:
    case Node::Kind::kPlus:
    case Node::Kind::kMinus: break;
  }
  return malformed("Expected a condition", node.at);
}

Result<const Condition*> ConditionBinder::bind_connective(const Node& node) {
  std::vector<const Condition*> children;
  for (const Node* child : node.children) {
    TRY_ASSIGN(const Condition* const condition, bind(*child));
    children.push_back(condition);
  }
  if (node.kind == Node::Kind::kNot) return expression::make_not(children.front(), arena_);
  return node.kind == Node::Kind::kAnd ? expression::make_and(children, arena_) : expression::make_or(children, arena_);
}

Result<const Condition*> ConditionBinder::bind_comparison(const Node& node) {
  TRY_ASSIGN(const Operands operands, bind_operands(node.children));
  TRY(refuse(expression::comparison_fault(node.comparison, node.name, operands)));
  return expression::make_comparison(node.comparison, operands[0], operands[1], arena_);
}

Result<const Condition*> ConditionBinder::bind_between(const Node& node) {
  TRY_ASSIGN(const Operands operands, bind_operands(node.children));
  TRY(refuse(expression::between_fault(operands)));
  return expression::make_test(Condition::Kind::kBetween, operands, arena_);
}

Result<const Condition*> ConditionBinder::bind_in(const Node& node) {
  TRY_ASSIGN(const Operands operands, bind_members(node));
  const std::size_t members = operands.size() - 1;
  if (members > kMaxInMembers) {
    return invalid("IN takes at most " + std::to_string(kMaxInMembers) +
                   " values; number of values: " + std::to_string(members));
  }
  TRY(refuse(expression::in_fault(operands)));
  return expression::make_test(Condition::Kind::kIn, operands, arena_);
}

// Members are written out, or are those of a list or set that came as one parameter.
Result<ConditionBinder::Operands> ConditionBinder::bind_members(const Node& node) {
  if (node.listed) return bind_operands(node.children);
  TRY_ASSIGN(Operands operands, bind_operands(node.children.first(1)));
  TRY_ASSIGN(const Value list, values_.bind(*node.children[1]));
  switch (list.type()) {
    case Type::kList:
      for (const Value& element : list.elements()) operands.push_back(expression::value_operand(element));
      return operands;
    case Type::kStringSet:
      for (const auto member : list.byte_members())
        operands.push_back(expression::value_operand(Value::string(member)));
      return operands;
    case Type::kBinarySet:
      for (const auto member : list.byte_members())
        operands.push_back(expression::value_operand(Value::binary(member)));
      return operands;
    case Type::kNumberSet:
      for (const Number& number : list.number_members()) {
        operands.push_back(expression::value_operand(Value::number(number)));
      }
      return operands;
    default: return invalid(expression::wrong_operand_type_text("IN", type_name(list.type())));
  }
}

Result<const Condition*> ConditionBinder::bind_state(const Node& node) {
  const bool missing = node.kind == Node::Kind::kIsMissing;
  TRY_ASSIGN(const Operands operands, bind_operands(node.children));
  TRY(refuse(expression::presence_fault(missing ? "IS MISSING" : "IS NULL", operands)));
  return missing ? expression::make_test(Condition::Kind::kAttributeNotExists, operands, arena_)
                 : expression::make_type_test(operands[0], Type::kNull, arena_);
}

Result<const Condition*> ConditionBinder::bind_call(const Node& node) {
  if (node.name == "size") return misused(node.name);
  if (is_update_function(node.name)) {
    return invalid("The function is not allowed in a condition expression; function: " + std::string(node.name));
  }
  const bool unary = node.name == "attribute_exists" || node.name == "attribute_not_exists";
  const bool binary = node.name == "begins_with" || node.name == "contains" || node.name == "attribute_type";
  if (!unary && !binary) return invalid("Invalid function name; function: " + std::string(node.name));
  TRY_ASSIGN(const Operands operands, bind_operands(node.children));
  if (operands.size() != (unary ? 1 : 2)) {
    return invalid(expression::wrong_operand_count_text(node.name, operands.size()));
  }
  if (unary) {
    TRY(refuse(expression::presence_fault(node.name, operands)));
    return expression::make_test(
        node.name == "attribute_exists" ? Condition::Kind::kAttributeExists : Condition::Kind::kAttributeNotExists,
        operands, arena_);
  }
  if (node.name == "attribute_type") {
    Expected<Type, std::string> type = expression::named_type(operands);
    if (!type) return invalid(std::move(type).error());
    return expression::make_type_test(operands[0], *type, arena_);
  }
  const bool begins = node.name == "begins_with";
  TRY(refuse(begins ? expression::begins_with_fault(operands) : expression::contains_fault(operands)));
  return expression::make_test(begins ? Condition::Kind::kBeginsWith : Condition::Kind::kContains, operands, arena_);
}

// --- Operands ---

Result<ConditionBinder::Operands> ConditionBinder::bind_operands(Nodes nodes) {
  Operands operands;
  for (const Node* node : nodes) {
    TRY_ASSIGN(const Operand operand, bind_operand(*node));
    operands.push_back(operand);
  }
  return operands;
}

Result<Operand> ConditionBinder::bind_operand(const Node& node) {
  if (node.kind == Node::Kind::kPath) return expression::path_operand(node.path);
  if (ValueBinder::is_value(node)) {
    TRY_ASSIGN(const Value value, values_.bind(node));
    return expression::value_operand(value);
  }
  if (node.kind == Node::Kind::kCall) {
    if (node.name == "size") return bind_size(node);
    return misused(node.name);
  }
  if (node.kind == Node::Kind::kPlus || node.kind == Node::Kind::kMinus) {
    return invalid("Unsupported operator: " + std::string(node.kind == Node::Kind::kPlus ? "+" : "-") + " at " +
                   to_text(node.at));
  }
  return malformed("Unexpected condition as an operand", node.at);
}

Result<Operand> ConditionBinder::bind_size(const Node& node) {
  TRY_ASSIGN(const Operands arguments, bind_operands(node.children));
  if (arguments.size() != 1) return invalid(expression::wrong_operand_count_text("size", arguments.size()));
  Expected<Operand, std::string> sized = expression::sized_operand(arguments[0]);
  if (!sized) return invalid(std::move(sized).error());
  return std::move(*sized);
}

}  // namespace armature::partiql
