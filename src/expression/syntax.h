// What an expression's text says, before anyone knows what its placeholders stand for. A syntax tree depends on nothing
// but the text, so it is made once and kept (parse_cache.h); binding turns it into the tree of ast.h for one request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace armature::expression {

enum class SyntaxKind : std::uint8_t {
  kPath,             // Children: steps.
  kNameStep,         // The text is the name.
  kPlaceholderStep,  // `#name`.
  kIndexStep,        // `index`.
  kValue,            // `:value`.
  kFunction,         // The text is its name. Children: arguments.
  kAnd,              // Children: two or more conditions.
  kOr,
  kNot,
  kComparison,  // The text is the operator. Children: two operands, as for kPlus and kMinus.
  kBetween,     // Children: operand, lower bound, upper bound.
  kIn,          // Children: operand, members.
  kPlus,
  kMinus,
  kSet,  // Children: path, term.
  kRemove,
  kAdd,  // Children: path, value.
  kDelete,
  kProjection,  // Children: paths.
  kUpdate,      // Children: actions.
};

using SyntaxIndex = std::uint16_t;
inline constexpr SyntaxIndex kNoNode = 0xFFFF;

// A text of at most 4096 bytes has far fewer than 65,535 nodes, so links and offsets are small.
struct SyntaxNode {
  SyntaxKind kind;
  bool parenthesized = false;
  std::uint16_t offset = 0;  // Of its text in the expression, in bytes.
  std::uint16_t length = 0;
  SyntaxIndex first_child = kNoNode;
  SyntaxIndex next_sibling = kNoNode;
  std::uint16_t child_count = 0;
  std::uint32_t index = 0;  // Of kIndexStep.
};

class SyntaxTree {
 public:
  const SyntaxNode& root() const { return nodes_[root_]; }
  // Children in text order: for (auto* child = tree.first_child(node); child != nullptr; child =
  // tree.next_sibling(*child)).
  const SyntaxNode* first_child(const SyntaxNode& parent) const { return node_or_null(parent.first_child); }
  const SyntaxNode* next_sibling(const SyntaxNode& node) const { return node_or_null(node.next_sibling); }

  std::size_t memory_bytes() const { return nodes_.capacity() * sizeof(SyntaxNode); }

 private:
  friend class TreeBuilder;

  const SyntaxNode* node_or_null(SyntaxIndex index) const { return index == kNoNode ? nullptr : &nodes_[index]; }

  std::vector<SyntaxNode> nodes_;
  SyntaxIndex root_ = 0;
};

// The functions of the language. Names are exact lower case.
// Source: Developer Guide, "Condition and filter expressions, operators, and functions", "Using update expressions".
enum class Function : std::uint8_t {
  kAttributeExists,
  kAttributeNotExists,
  kAttributeType,
  kBeginsWith,
  kContains,
  kSize,
  kIfNotExists,
  kListAppend,
  kUnknown,
};
Function function_named(std::string_view name);

}  // namespace armature::expression
