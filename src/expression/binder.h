// Binding: from the syntax tree of a text and the placeholders of a request to the request's own tree (ast.h). What
// conditions, updates and projections share.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "expression/ast.h"
#include "expression/condition.h"
#include "expression/placeholders.h"
#include "expression/syntax.h"
#include "model/error.h"

namespace armature::expression {

// Lives through one bind_*() call; borrows everything. What it makes borrows from the request's text and placeholders
// and never from the syntax tree, which the cache may drop.
class Binder {
 public:
  Binder(std::string_view text, Parameter parameter, const SyntaxTree& tree, Placeholders* placeholders, Arena* arena)
      : text_(text), parameter_(parameter), tree_(tree), placeholders_(*placeholders), arena_(arena) {}

  Result<DocumentPath> path(const SyntaxNode& node);
  Result<Value> value(const SyntaxNode& node);

  const SyntaxTree& tree() const { return tree_; }
  Arena* arena() const { return arena_; }
  std::string_view text_of(const SyntaxNode& node) const { return text_.substr(node.offset, node.length); }

  // --- Errors, complete with "Invalid …Expression: " ---

  Unexpected<Error> error(std::string_view text) const;
  Unexpected<Error> wrong_operand_count(std::string_view function, std::size_t count) const;

 private:
  std::string_view text_;
  Parameter parameter_;
  const SyntaxTree& tree_;
  Placeholders& placeholders_;
  Arena* arena_;
};

}  // namespace armature::expression
