// Text to syntax tree, with every check that needs neither the placeholders nor an item.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "expression/syntax.h"

namespace armature::expression {

// Limits on one expression. Source: Developer Guide, "Service, account, and table quotas in Amazon DynamoDB".
inline constexpr std::size_t kMaxExpressionBytes = 4096;
inline constexpr std::size_t kMaxOperators = 300;
inline constexpr std::size_t kMaxInOperands = 100;  // The tested operand included.
inline constexpr std::size_t kMaxPathSteps = 32;

enum class Grammar : std::uint8_t { kCondition, kProjection, kUpdate };

// The error is DynamoDB's sentence without "Invalid …Expression: ".
Expected<SyntaxTree, std::string> parse(std::string_view text, Grammar grammar);

}  // namespace armature::expression
