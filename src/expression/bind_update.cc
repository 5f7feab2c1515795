// Binding of update expressions. As in conditions, operands are checked from left to right, inner functions before
// outer ones; paths that clash come last.
#include "expression/binder.h"
#include "expression/operand_checks.h"
#include "expression/parse_cache.h"
#include "expression/update.h"

namespace armature::expression {
namespace {

// How the texts about ADD and DELETE name types.
std::string_view type_word(Type type) {
  switch (type) {
    case Type::kString: return "STRING";
    case Type::kNumber: return "NUMBER";
    case Type::kBinary: return "BINARY";
    case Type::kStringSet: return "STRING_SET";
    case Type::kNumberSet: return "NUMBER_SET";
    case Type::kBinarySet: return "BINARY_SET";
    case Type::kMap: return "MAP";
    case Type::kList: return "LIST";
    case Type::kNull: return "NULL";
    case Type::kBool: return "BOOLEAN";
  }
  return "";
}

class UpdateBinder {
 public:
  explicit UpdateBinder(Binder* binder) : binder_(*binder) {}

  Result<const UpdateProgram*> bind(const SyntaxNode& root) {
    auto* const actions = arena()->allocate_array<UpdateAction>(root.child_count);
    std::size_t count = 0;
    for (const SyntaxNode* node = tree().first_child(root); node != nullptr; node = tree().next_sibling(*node)) {
      TRY(bind_action(*node, &actions[count++]));
    }
    const auto program = make_update_program({actions, count}, /*legacy=*/false, arena());
    if (program) return *program;
    const PathClash clash = program.error();
    return binder_.error(clash_text(actions[clash.first].path, actions[clash.second].path));
  }

 private:
  Result<void> bind_action(const SyntaxNode& node, UpdateAction* action) {
    const SyntaxNode& target = *tree().first_child(node);
    TRY_ASSIGN(action->path, binder_.path(target));
    switch (node.kind) {
      case SyntaxKind::kRemove: action->kind = UpdateAction::Kind::kRemove; return {};
      case SyntaxKind::kAdd: return bind_member_action(target, UpdateAction::Kind::kAdd, "ADD", action);
      case SyntaxKind::kDelete: return bind_member_action(target, UpdateAction::Kind::kDelete, "DELETE", action);
      default: break;
    }
    action->kind = UpdateAction::Kind::kSet;
    TRY_ASSIGN(action->term, bind_term(*tree().next_sibling(target)));
    return {};
  }

  // ADD and DELETE: the value follows the target.
  Result<void> bind_member_action(const SyntaxNode& target, UpdateAction::Kind kind, std::string_view name,
                                  UpdateAction* action) {
    action->kind = kind;
    TRY_ASSIGN(action->value, binder_.value(*tree().next_sibling(target)));
    const Type type = action->value.type();
    if (is_set(type) || (kind == UpdateAction::Kind::kAdd && type == Type::kNumber)) return {};
    return binder_.error("Incorrect operand type for operator or function; operator: " + std::string(name) +
                         ", operand type: " + std::string(type_word(type)) + ", typeSet: ALLOWED_FOR_" +
                         std::string(name) + "_OPERAND");
  }

  Result<const UpdateTerm*> bind_term(const SyntaxNode& node) {
    switch (node.kind) {
      case SyntaxKind::kPath: {
        TRY_ASSIGN(const DocumentPath path, binder_.path(node));
        return make_path_term(path, arena());
      }
      case SyntaxKind::kValue: {
        TRY_ASSIGN(const Value value, binder_.value(node));
        return make_value_term(value, arena());
      }
      case SyntaxKind::kPlus: return bind_binary(node, UpdateTerm::Kind::kPlus, "+");
      case SyntaxKind::kMinus: return bind_binary(node, UpdateTerm::Kind::kMinus, "-");
      default: break;
    }
    // The parser lets two functions through.
    return function_named(binder_.text_of(node)) == Function::kIfNotExists
               ? bind_if_not_exists(node)
               : bind_binary(node, UpdateTerm::Kind::kListAppend, "list_append");
  }

  Result<const UpdateTerm*> bind_binary(const SyntaxNode& node, UpdateTerm::Kind kind, std::string_view name) {
    TRY_ASSIGN(const Terms terms, bind_terms(node));
    if (node.child_count != 2) return binder_.wrong_operand_count(name, node.child_count);
    if (const Fault fault = binary_term_fault(kind, name, *terms.first, *terms.second)) return binder_.error(*fault);
    return make_binary_term(kind, terms.first, terms.second, arena());
  }

  Result<const UpdateTerm*> bind_if_not_exists(const SyntaxNode& node) {
    TRY_ASSIGN(const Terms terms, bind_terms(node));
    if (node.child_count != 2) return binder_.wrong_operand_count("if_not_exists", node.child_count);
    if (const Fault fault = if_not_exists_fault(*terms.first, *terms.second)) return binder_.error(*fault);
    return make_if_not_exists(terms.first->path, terms.second, arena());
  }

  struct Terms {
    const UpdateTerm* first = nullptr;
    const UpdateTerm* second = nullptr;
  };

  // All operands are bound, so that what is wrong inside them is found, but the two first are enough to return.
  Result<Terms> bind_terms(const SyntaxNode& node) {
    Terms terms;
    for (const SyntaxNode* child = tree().first_child(node); child != nullptr; child = tree().next_sibling(*child)) {
      TRY_ASSIGN(const UpdateTerm* const term, bind_term(*child));
      if (terms.first == nullptr) {
        terms.first = term;
      } else if (terms.second == nullptr) {
        terms.second = term;
      }
    }
    return terms;
  }

  const SyntaxTree& tree() const { return binder_.tree(); }
  Arena* arena() const { return binder_.arena(); }

  Binder& binder_;
};

}  // namespace

Result<const UpdateProgram*> bind_update(std::string_view text, Placeholders* placeholders, Arena* arena) {
  TRY_ASSIGN(const SyntaxTree* const tree, parse_cached(text, Parameter::kUpdate));
  Binder binder(text, Parameter::kUpdate, *tree, placeholders, arena);
  return UpdateBinder(&binder).bind(tree->root());
}

}  // namespace armature::expression
