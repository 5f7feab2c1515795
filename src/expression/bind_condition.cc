// Binding of conditions. The order of its checks is visible to clients: a node's operands from left to right (names and
// values defined), then their count, whether they are distinct, and their types; inner nodes before outer ones.
#include <vector>

#include "expression/binder.h"
#include "expression/condition.h"
#include "expression/describe.h"
#include "expression/key_tests.h"
#include "expression/parse_cache.h"
#include "expression/parser.h"
#include "expression/size_function.h"

namespace armature::expression {
namespace {

// The type of an operand when the request alone fixes it.
const Type* static_type(const Operand& operand) {
  static constexpr Type kNumber = Type::kNumber;
  static constexpr Type kAll[] = {Type::kString,    Type::kNumber, Type::kBinary, Type::kStringSet, Type::kNumberSet,
                                  Type::kBinarySet, Type::kMap,    Type::kList,   Type::kNull,      Type::kBool};
  switch (operand.kind) {
    case Operand::Kind::kPath: return nullptr;
    case Operand::Kind::kValue: return &kAll[static_cast<std::size_t>(operand.value.type())];
    case Operand::Kind::kSizeOfPath:
    case Operand::Kind::kSizeOfValue: return &kNumber;
  }
  return nullptr;
}

bool is_string_or_binary(Type type) { return type == Type::kString || type == Type::kBinary; }
bool can_contain(Type type) { return is_string_or_binary(type) || is_set(type) || type == Type::kList; }

Comparison comparison_named(std::string_view sign) {
  if (sign == "=") return Comparison::kEqual;
  if (sign == "<>") return Comparison::kNotEqual;
  if (sign == "<") return Comparison::kLess;
  if (sign == "<=") return Comparison::kLessOrEqual;
  if (sign == ">") return Comparison::kGreater;
  return Comparison::kGreaterOrEqual;
}

std::optional<Type> type_named(std::string_view name) {
  for (const Type type : {Type::kString, Type::kNumber, Type::kBinary, Type::kStringSet, Type::kNumberSet,
                          Type::kBinarySet, Type::kMap, Type::kList, Type::kNull, Type::kBool}) {
    if (type_name(type) == name) return type;
  }
  return std::nullopt;
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
    TRY(check_distinct(operands, sign));
    if (comparison != Comparison::kEqual && comparison != Comparison::kNotEqual) {
      for (const Operand& operand : operands) TRY(check_type(operand, sign, is_ordered));
    }
    Condition* const condition = create(Condition::Kind::kComparison, operands);
    condition->comparison = comparison;
    return condition;
  }

  Result<const Condition*> bind_between(const SyntaxNode& node) {
    TRY_ASSIGN(const Operands operands, bind_operands(node));
    TRY(check_distinct(operands, "BETWEEN"));
    for (const Operand& operand : operands) TRY(check_type(operand, "BETWEEN", is_ordered));
    TRY(check_bounds(operands[1], operands[2]));
    return create(Condition::Kind::kBetween, operands);
  }

  Result<void> check_bounds(const Operand& lower, const Operand& upper) const {
    if (lower.kind != Operand::Kind::kValue || upper.kind != Operand::Kind::kValue) return {};
    std::string_view complaint;
    if (lower.value.type() != upper.value.type()) {
      complaint = "requires same data type for lower and upper bounds";
    } else if (compare_ordered(lower.value, upper.value) > 0) {
      complaint = "requires upper bound to be greater than or equal to lower bound";
    } else {
      return {};
    }
    return binder_.error("The BETWEEN operator " + std::string(complaint) + "; lower bound operand: " +
                         describe(lower.value) + ", upper bound operand: " + describe(upper.value));
  }

  Result<const Condition*> bind_in(const SyntaxNode& node) {
    TRY_ASSIGN(const Operands operands, bind_operands(node));
    if (operands.size() > kMaxInOperands) return binder_.wrong_operand_count("IN", operands.size());
    TRY(check_distinct(operands, "IN"));
    return create(Condition::Kind::kIn, operands);
  }

  Result<const Condition*> bind_function(const SyntaxNode& node) {
    const std::string_view name = binder_.text_of(node);
    TRY_ASSIGN(const Operands operands, bind_operands(node));
    const Function function = function_named(name);
    const bool unary = function == Function::kAttributeExists || function == Function::kAttributeNotExists;
    if (operands.size() != (unary ? 1 : 2)) return binder_.wrong_operand_count(name, operands.size());
    TRY(check_distinct(operands, name));
    switch (function) {
      case Function::kAttributeExists: return bind_presence(Condition::Kind::kAttributeExists, operands, name);
      case Function::kAttributeNotExists: return bind_presence(Condition::Kind::kAttributeNotExists, operands, name);
      case Function::kAttributeType: return bind_attribute_type(operands);
      case Function::kBeginsWith:
        for (const Operand& operand : operands) TRY(check_type(operand, name, is_string_or_binary));
        return create(Condition::Kind::kBeginsWith, operands);
      case Function::kContains:
        TRY(check_type(operands[0], name, can_contain));
        return create(Condition::Kind::kContains, operands);
      case Function::kSize:
      case Function::kIfNotExists:
      case Function::kListAppend:
      case Function::kUnknown: break;  // The parser refuses these where a condition stands.
    }
    return binder_.error("Invalid function name; function: " + std::string(name));
  }

  Result<const Condition*> bind_presence(Condition::Kind kind, Operands operands, std::string_view name) {
    if (operands[0].kind != Operand::Kind::kPath) return binder_.path_required(name);
    return create(kind, operands);
  }

  Result<const Condition*> bind_attribute_type(Operands operands) {
    const Operand& wanted = operands[1];
    if (wanted.kind != Operand::Kind::kValue || !wanted.value.is(Type::kString)) {
      const Type* const type = static_type(wanted);
      return binder_.wrong_operand_type("attribute_type", type != nullptr ? type_name(*type) : "PATH");
    }
    const std::optional<Type> type = type_named(wanted.value.bytes());
    if (!type) {
      return binder_.error("Invalid attribute type name found; type: " + std::string(wanted.value.bytes()) +
                           ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
    }
    Condition* const condition = create(Condition::Kind::kAttributeType, operands.first(1));
    condition->attribute_type = *type;
    return condition;
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
    *operand = arguments[0];
    if (operand->kind == Operand::Kind::kPath) {
      operand->kind = Operand::Kind::kSizeOfPath;
      return {};
    }
    const Type type = *static_type(*operand);
    const std::optional<std::size_t> size =
        operand->kind == Operand::Kind::kValue ? size_of(operand->value) : std::nullopt;
    if (!size) return binder_.wrong_operand_type("size", type_name(type));
    operand->kind = Operand::Kind::kSizeOfValue;
    operand->value = Value::number(Number::from_int(static_cast<std::int64_t>(*size)));
    return {};
  }

  Result<void> check_distinct(Operands operands, std::string_view operation) const {
    const Operand& first = operands[0];
    if (first.kind != Operand::Kind::kPath) return {};
    for (const Operand& other : operands.subspan(1)) {
      if (other.kind != Operand::Kind::kPath || relation(first.path, other.path) != PathRelation::kSame) continue;
      return binder_.error(
          "The first operand must be distinct from the remaining operands for this operator or function; operator: " +
          std::string(operation) + ", first operand: " + path_text(first.path));
    }
    return {};
  }

  Result<void> check_type(const Operand& operand, std::string_view operation, bool (*allowed)(Type)) const {
    const Type* const type = static_type(operand);
    if (type == nullptr || allowed(*type)) return {};
    return binder_.wrong_operand_type(operation, type_name(*type));
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
