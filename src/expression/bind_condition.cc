// Binding of conditions. The order of its checks is visible to clients: a node's operands from left to right (names and
// values defined), then their count, whether they are distinct, and their types; inner nodes before outer ones.
#include "expression/binder.h"
#include "expression/condition.h"
#include "expression/key_tests.h"
#include "expression/operand_checks.h"
#include "expression/parse_cache.h"
#include "expression/parser.h"

namespace armature::expression {
namespace {

Comparison comparison_named(std::string_view sign) {
  if (sign == "=") return Comparison::kEqual;
  if (sign == "<>") return Comparison::kNotEqual;
  if (sign == "<") return Comparison::kLess;
  if (sign == "<=") return Comparison::kLessOrEqual;
  if (sign == ">") return Comparison::kGreater;
  return Comparison::kGreaterOrEqual;
}

class ConditionBinder {
 public:
  explicit ConditionBinder(Binder* binder) : binder_(*binder) {}

  Result<const Condition*> bind(const SyntaxNode& node) {
    switch (node.kind) {
      case SyntaxKind::kAnd:
      case SyntaxKind::kOr:
      case SyntaxKind::kNot: return bind_connective(node);
      case SyntaxKind::kComparison: return bind_comparison(node);
      case SyntaxKind::kBetween: return bind_between(node);
      case SyntaxKind::kIn: return bind_in(node);
      default: return bind_function(node);
    }
  }

 private:
  using Operands = std::span<const Operand>;

  Result<const Condition*> bind_connective(const SyntaxNode& node) {
    auto** const children = arena()->allocate_array<const Condition*>(node.child_count);
    std::size_t count = 0;
    for (const SyntaxNode* child = tree().first_child(node); child != nullptr; child = tree().next_sibling(*child)) {
      TRY_ASSIGN(children[count++], bind(*child));
    }
    auto* const condition = arena()->create<Condition>();
    condition->kind = node.kind == SyntaxKind::kAnd  ? Condition::Kind::kAnd
                      : node.kind == SyntaxKind::kOr ? Condition::Kind::kOr
                                                     : Condition::Kind::kNot;
    condition->children = {children, count};
    return condition;
  }

  Result<const Condition*> bind_comparison(const SyntaxNode& node) {
    const std::string_view sign = binder_.text_of(node);
    const Comparison comparison = comparison_named(sign);
    TRY_ASSIGN(const Operands operands, bind_operands(node));
    TRY(refuse(comparison_fault(comparison, sign, operands)));
    Condition* const condition = create(Condition::Kind::kComparison, operands);
    condition->comparison = comparison;
    return condition;
  }

  Result<const Condition*> bind_between(const SyntaxNode& node) {
    TRY_ASSIGN(const Operands operands, bind_operands(node));
    TRY(refuse(between_fault(operands)));
    return create(Condition::Kind::kBetween, operands);
  }

  Result<const Condition*> bind_in(const SyntaxNode& node) {
    TRY_ASSIGN(const Operands operands, bind_operands(node));
    if (operands.size() > kMaxInOperands) return binder_.wrong_operand_count("IN", operands.size());
    TRY(refuse(in_fault(operands)));
    return create(Condition::Kind::kIn, operands);
  }

  Result<const Condition*> bind_function(const SyntaxNode& node) {
    const std::string_view name = binder_.text_of(node);
    TRY_ASSIGN(const Operands operands, bind_operands(node));
    const Function function = function_named(name);
    const bool unary = function == Function::kAttributeExists || function == Function::kAttributeNotExists;
    if (operands.size() != (unary ? 1 : 2)) return binder_.wrong_operand_count(name, operands.size());
    switch (function) {
      case Function::kAttributeExists:
        TRY(refuse(presence_fault(name, operands)));
        return create(Condition::Kind::kAttributeExists, operands);
      case Function::kAttributeNotExists:
        TRY(refuse(presence_fault(name, operands)));
        return create(Condition::Kind::kAttributeNotExists, operands);
      case Function::kAttributeType: return bind_attribute_type(operands);
      case Function::kBeginsWith:
        TRY(refuse(begins_with_fault(operands)));
        return create(Condition::Kind::kBeginsWith, operands);
      case Function::kContains:
        TRY(refuse(contains_fault(operands)));
        return create(Condition::Kind::kContains, operands);
      case Function::kSize:
      case Function::kIfNotExists:
      case Function::kListAppend:
      case Function::kUnknown: break;  // The parser refuses these where a condition stands.
    }
    return binder_.error("Invalid function name; function: " + std::string(name));
  }

  Result<const Condition*> bind_attribute_type(Operands operands) {
    const Expected<Type, std::string> type = named_type(operands);
    if (!type) return binder_.error(type.error());
    Condition* const condition = create(Condition::Kind::kAttributeType, operands.first(1));
    condition->attribute_type = *type;
    return condition;
  }

  Result<void> refuse(const Fault& fault) const {
    if (fault) return binder_.error(*fault);
    return {};
  }

  // --- Operands ---

  Result<Operands> bind_operands(const SyntaxNode& node) {
    auto* const operands = arena()->allocate_array<Operand>(node.child_count);
    std::size_t count = 0;
    for (const SyntaxNode* child = tree().first_child(node); child != nullptr; child = tree().next_sibling(*child)) {
      TRY(bind_operand(*child, &operands[count++]));
    }
    return Operands(operands, count);
  }

  Result<void> bind_operand(const SyntaxNode& node, Operand* operand) {
    if (node.kind == SyntaxKind::kPath) {
      operand->kind = Operand::Kind::kPath;
      TRY_ASSIGN(operand->path, binder_.path(node));
      return {};
    }
    if (node.kind == SyntaxKind::kValue) {
      operand->kind = Operand::Kind::kValue;
      TRY_ASSIGN(operand->value, binder_.value(node));
      return {};
    }
    return bind_size(node, operand);
  }

  // The parser lets no other function stand as an operand.
  Result<void> bind_size(const SyntaxNode& node, Operand* operand) {
    TRY_ASSIGN(const Operands arguments, bind_operands(node));
    if (arguments.size() != 1) return binder_.wrong_operand_count("size", arguments.size());
    Expected<Operand, std::string> sized = sized_operand(arguments[0]);
    if (!sized) return binder_.error(sized.error());
    *operand = std::move(*sized);
    return {};
  }

  Condition* create(Condition::Kind kind, Operands operands) const {
    auto* const condition = arena()->create<Condition>();
    condition->kind = kind;
    condition->operands = operands;
    return condition;
  }

  const SyntaxTree& tree() const { return binder_.tree(); }
  Arena* arena() const { return binder_.arena(); }

  Binder& binder_;
};

}  // namespace

Result<const Condition*> bind_condition(std::string_view text, Parameter parameter, Placeholders* placeholders,
                                        Arena* arena) {
  TRY_ASSIGN(const SyntaxTree* const tree, parse_cached(text, parameter));
  Binder binder(text, parameter, *tree, placeholders, arena);
  TRY_ASSIGN(const Condition* const condition, ConditionBinder(&binder).bind(tree->root()));
  if (parameter == Parameter::kKeyCondition) TRY(check_key_condition_shape(*condition));
  return condition;
}

}  // namespace armature::expression
