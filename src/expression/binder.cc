#include "expression/binder.h"

#include "expression/operand_checks.h"
#include "expression/parse_cache.h"

namespace armature::expression {

Result<DocumentPath> Binder::path(const SyntaxNode& node) {
  auto* const steps = arena_->allocate_array<PathStep>(node.child_count);
  PathStep* step = steps;
  for (const SyntaxNode* child = tree_.first_child(node); child != nullptr; child = tree_.next_sibling(*child)) {
    if (child->kind == SyntaxKind::kIndexStep) {
      *step++ = PathStep::element(child->index);
      continue;
    }
    std::string_view name = text_of(*child);
    if (child->kind == SyntaxKind::kPlaceholderStep) {
      const std::string_view* const found = placeholders_.find_name(name);
      if (found == nullptr) {
        return error("An expression attribute name used in the document path is not defined; attribute name: " +
                     std::string(name));
      }
      name = *found;
    }
    *step++ = PathStep::attribute(name);
  }
  return DocumentPath{{steps, node.child_count}};
}

Result<Value> Binder::value(const SyntaxNode& node) {
  const Value* const found = placeholders_.find_value(text_of(node));
  if (found != nullptr) return *found;
  return error("An expression attribute value used in expression is not defined; attribute value: " +
               std::string(text_of(node)));
}

Unexpected<Error> Binder::error(std::string_view text) const { return invalid_expression(parameter_, text); }

Unexpected<Error> Binder::wrong_operand_count(std::string_view function, std::size_t count) const {
  return error(wrong_operand_count_text(function, count));
}

}  // namespace armature::expression
