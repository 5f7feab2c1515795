#include "expression/operand_checks.h"

#include "expression/describe.h"
#include "expression/size_function.h"

namespace armature::expression {
namespace {

// The types of operands and terms where the request alone fixes them.
std::optional<Type> static_type(const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::kPath: return std::nullopt;
    case Operand::Kind::kValue: return operand.value.type();
    case Operand::Kind::kSizeOfPath:
    case Operand::Kind::kSizeOfValue: return Type::kNumber;
  }
  return std::nullopt;
}

std::optional<Type> static_type(const UpdateTerm& term) {
  switch (term.kind) {
    case UpdateTerm::Kind::kValue: return term.value.type();
    case UpdateTerm::Kind::kListAppend: return Type::kList;
    case UpdateTerm::Kind::kPlus:
    case UpdateTerm::Kind::kMinus: return Type::kNumber;
    case UpdateTerm::Kind::kPath:
    case UpdateTerm::Kind::kIfNotExists: return std::nullopt;
  }
  return std::nullopt;
}

bool is_string_or_binary(Type type) { return type == Type::kString || type == Type::kBinary; }

std::string not_distinct_text(std::string_view operation, const DocumentPath& path) {
  return "The first operand must be distinct from the remaining operands for this operator or function; operator: " +
         std::string(operation) + ", first operand: " + path_text(path);
}

Fault distinct_fault(std::string_view operation, std::span<const Operand> operands) {
  const Operand& first = operands[0];
  if (first.kind != Operand::Kind::kPath) return std::nullopt;
  for (const Operand& other : operands.subspan(1)) {
    if (other.kind != Operand::Kind::kPath || relation(first.path, other.path) != PathRelation::kSame) continue;
    return not_distinct_text(operation, first.path);
  }
  return std::nullopt;
}

Fault type_fault(std::string_view operation, std::span<const Operand> operands, bool (*allowed)(Type)) {
  for (const Operand& operand : operands) {
    const std::optional<Type> type = static_type(operand);
    if (type && !allowed(*type)) return wrong_operand_type_text(operation, type_name(*type));
  }
  return std::nullopt;
}

Fault bounds_fault(const Operand& lower, const Operand& upper) {
  if (lower.kind != Operand::Kind::kValue || upper.kind != Operand::Kind::kValue) return std::nullopt;
  std::string_view complaint;
  if (lower.value.type() != upper.value.type()) {
    complaint = "requires same data type for lower and upper bounds";
  } else if (compare_ordered(lower.value, upper.value) > 0) {
    complaint = "requires upper bound to be greater than or equal to lower bound";
  } else {
    return std::nullopt;
  }
  return "The BETWEEN operator " + std::string(complaint) + "; lower bound operand: " + describe(lower.value) +
         ", upper bound operand: " + describe(upper.value);
}

}  // namespace

Fault comparison_fault(Comparison comparison, std::string_view operation, std::span<const Operand> operands) {
  if (Fault fault = distinct_fault(operation, operands)) return fault;
  if (comparison == Comparison::kEqual || comparison == Comparison::kNotEqual) return std::nullopt;
  return type_fault(operation, operands, is_ordered);
}

Fault between_fault(std::span<const Operand> operands) {
  if (Fault fault = distinct_fault("BETWEEN", operands)) return fault;
  if (Fault fault = type_fault("BETWEEN", operands, is_ordered)) return fault;
  return bounds_fault(operands[1], operands[2]);
}

Fault in_fault(std::span<const Operand> operands) { return distinct_fault("IN", operands); }

Fault begins_with_fault(std::span<const Operand> operands) {
  if (Fault fault = distinct_fault("begins_with", operands)) return fault;
  return type_fault("begins_with", operands, is_string_or_binary);
}

// Unlike begins_with, it takes any type and contains nothing in what cannot contain.
Fault contains_fault(std::span<const Operand> operands) { return distinct_fault("contains", operands); }

Fault presence_fault(std::string_view function, std::span<const Operand> operands) {
  if (operands[0].kind != Operand::Kind::kPath) return path_required_text(function);
  return std::nullopt;
}

Expected<Type, std::string> named_type(std::span<const Operand> operands) {
  if (Fault fault = distinct_fault("attribute_type", operands)) return Unexpected(std::move(*fault));
  const Operand& name = operands[1];
  if (name.kind != Operand::Kind::kValue || !name.value.is(Type::kString)) {
    const std::optional<Type> type = static_type(name);
    return Unexpected(wrong_operand_type_text("attribute_type", type ? type_name(*type) : "PATH"));
  }
  for (const Type type : {Type::kString, Type::kNumber, Type::kBinary, Type::kStringSet, Type::kNumberSet,
                          Type::kBinarySet, Type::kMap, Type::kList, Type::kNull, Type::kBool}) {
    if (type_name(type) == name.value.bytes()) return type;
  }
  return Unexpected("Invalid attribute type name found; type: " + std::string(name.value.bytes()) +
                    ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
}

Expected<Operand, std::string> sized_operand(const Operand& operand) {
  if (operand.kind == Operand::Kind::kPath) return size_operand(operand.path);
  const std::optional<std::size_t> size = operand.kind == Operand::Kind::kValue ? size_of(operand.value) : std::nullopt;
  if (!size) return Unexpected(wrong_operand_type_text("size", type_name(*static_type(operand))));
  Operand sized = value_operand(Value::number(Number::from_int(static_cast<std::int64_t>(*size))));
  sized.kind = Operand::Kind::kSizeOfValue;
  return sized;
}

Fault binary_term_fault(UpdateTerm::Kind kind, std::string_view operation, const UpdateTerm& left,
                        const UpdateTerm& right) {
  const Type wanted = kind == UpdateTerm::Kind::kListAppend ? Type::kList : Type::kNumber;
  for (const UpdateTerm* term : {&left, &right}) {
    const std::optional<Type> type = static_type(*term);
    if (type && *type != wanted) return wrong_operand_type_text(operation, type_name(*type));
  }
  return std::nullopt;
}

Fault if_not_exists_fault(const UpdateTerm& tested, const UpdateTerm& otherwise) {
  if (tested.kind != UpdateTerm::Kind::kPath) return path_required_text("if_not_exists");
  const bool same =
      otherwise.kind == UpdateTerm::Kind::kPath && relation(tested.path, otherwise.path) == PathRelation::kSame;
  if (same) return not_distinct_text("if_not_exists", tested.path);
  return std::nullopt;
}

std::string wrong_operand_count_text(std::string_view operation, std::size_t count) {
  return "Incorrect number of operands for operator or function; operator or function: " + std::string(operation) +
         ", number of operands: " + std::to_string(count);
}

std::string wrong_operand_type_text(std::string_view operation, std::string_view type) {
  return "Incorrect operand type for operator or function; operator or function: " + std::string(operation) +
         ", operand type: " + std::string(type);
}

std::string path_required_text(std::string_view function) {
  return "Operator or function requires a document path; operator or function: " + std::string(function);
}

}  // namespace armature::expression
