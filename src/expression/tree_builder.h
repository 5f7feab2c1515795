// The two things a parser fills while it reads: the nodes of the tree, and the complaints that wait until the whole
// text is known to be well formed.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "expression/syntax.h"
#include "expression/token.h"

namespace armature::expression {

class TreeBuilder {
 public:
  SyntaxIndex add(SyntaxKind kind, const Token& text, std::span<const SyntaxIndex> children = {}) {
    SyntaxNode node{.kind = kind,
                    .offset = static_cast<std::uint16_t>(text.offset),
                    .length = static_cast<std::uint16_t>(text.length)};
    node.child_count = static_cast<std::uint16_t>(children.size());
    for (std::size_t i = children.size(); i-- > 0;) {
      tree_.nodes_[children[i]].next_sibling = node.first_child;
      node.first_child = children[i];
    }
    tree_.nodes_.push_back(node);
    return static_cast<SyntaxIndex>(tree_.nodes_.size() - 1);
  }
  SyntaxIndex add(SyntaxKind kind, const Token& text, std::initializer_list<SyntaxIndex> children) {
    return add(kind, text, std::span(children.begin(), children.size()));
  }

  SyntaxNode& node(SyntaxIndex index) { return tree_.nodes_[index]; }

  SyntaxTree finish(SyntaxIndex root) && {
    tree_.root_ = root;
    tree_.nodes_.shrink_to_fit();
    return std::move(tree_);
  }

 private:
  SyntaxTree tree_;
};

// Complaints about a text that parses, in the order DynamoDB reports them.
enum class Complaint : std::uint8_t {
  kNone,
  kRepeatedSection,
  kRedundantParentheses,
  kUnknownFunction,
  kMisusedFunction,
  kReservedWord,
  kListIndex,
  kPathDepth,
  kOperatorCount,
};

// Keeps the most urgent complaint; of two equally urgent ones, the first in the text.
class Complaints {
 public:
  void note(Complaint complaint, std::string text) {
    if (worst_ != Complaint::kNone && worst_ <= complaint) return;
    worst_ = complaint;
    text_ = std::move(text);
  }
  bool any() const { return worst_ != Complaint::kNone; }
  std::string take() && { return std::move(text_); }

 private:
  Complaint worst_ = Complaint::kNone;
  std::string text_;
};

}  // namespace armature::expression
