// What DynamoDB refuses in a condition or an update before it looks at any item: operands that can never be compared,
// bounds the wrong way round, types no function takes. The binder of this folder and PartiQL's lowering share these
// checks, so they find the same faults in the same words. Pure functions; safe from any thread.
// Source: Developer Guide, "Condition and filter expressions, operators, and functions in DynamoDB".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "expression/ast.h"

namespace armature::expression {

// The sentence without "Invalid …Expression: "; nothing: no fault.
using Fault = std::optional<std::string>;

// `operation` is a sign, a keyword or a function as its text writes it. Operands are in text order, and as many as the
// operation takes.
Fault comparison_fault(Comparison comparison, std::string_view operation, std::span<const Operand> operands);
Fault between_fault(std::span<const Operand> operands);
Fault in_fault(std::span<const Operand> operands);
Fault begins_with_fault(std::span<const Operand> operands);
Fault contains_fault(std::span<const Operand> operands);
// attribute_exists and attribute_not_exists.
Fault presence_fault(std::string_view function, std::span<const Operand> operands);

// The type that the second of attribute_type's operands names.
Expected<Type, std::string> named_type(std::span<const Operand> operands);
// size() of an operand, as an operand.
Expected<Operand, std::string> sized_operand(const Operand& operand);

// The operands of kListAppend (lists), kPlus and kMinus (numbers).
Fault binary_term_fault(UpdateTerm::Kind kind, std::string_view operation, const UpdateTerm& left,
                        const UpdateTerm& right);

// A path, and another one than what stands in for it.
Fault if_not_exists_fault(const UpdateTerm& tested, const UpdateTerm& otherwise);

std::string wrong_operand_count_text(std::string_view operation, std::size_t count);
std::string wrong_operand_type_text(std::string_view operation, std::string_view type);
std::string path_required_text(std::string_view function);

}  // namespace armature::expression
