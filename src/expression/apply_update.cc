// Application of an update program: first every action's outcome is computed from the item as it was, then the item is
// rewritten in one walk over the tree of target paths, which copies each touched list or map once, however many actions
// meet in it.
#include <algorithm>
#include <optional>

#include "expression/ast.h"
#include "expression/set_operations.h"
#include "expression/update.h"

namespace armature::expression {
namespace {

// What one action does to its place.
struct Outcome {
  enum class Kind : std::uint8_t { kKeep, kStore, kErase };
  Kind kind = Kind::kKeep;
  Value value;  // kStore.

  static Outcome store(const Value& value) { return {Kind::kStore, value}; }
  static Outcome erase() { return {Kind::kErase, {}}; }
};

// Outcomes of actions against the item as it was; `item` is empty and `exists` false for a missing one.
class OutcomeFinder {
 public:
  OutcomeFinder(const UpdateProgram& program, std::span<const Attribute> item, bool exists, Arena* arena)
      : program_(program), item_(item), exists_(exists), arena_(arena) {}

  Result<Outcome> outcome(const UpdateAction& action) const {
    TRY_ASSIGN(const Outcome outcome, wanted(action));
    TRY(check_parent(action));
    if (outcome.kind == Outcome::Kind::kStore) TRY(check_nesting(action.path, outcome.value));
    return outcome;
  }

 private:
  Result<Outcome> wanted(const UpdateAction& action) const {
    switch (action.kind) {
      case UpdateAction::Kind::kSet: {
        TRY_ASSIGN(const Value value, evaluate(*action.term));
        return Outcome::store(value);
      }
      case UpdateAction::Kind::kRemove: return Outcome::erase();
      case UpdateAction::Kind::kAdd: return add(action);
      case UpdateAction::Kind::kDelete: return remove_members(action);
    }
    return Outcome{};
  }

  // --- Terms ---

  Result<Value> evaluate(const UpdateTerm& term) const {
    switch (term.kind) {
      case UpdateTerm::Kind::kValue: return term.value;
      case UpdateTerm::Kind::kPath: {
        const Value* const found = resolve(item_, term.path);
        if (found != nullptr) return *found;
        return invalid("The provided expression refers to an attribute that does not exist in the item");
      }
      case UpdateTerm::Kind::kIfNotExists: {
        const Value* const found = resolve(item_, term.path);
        if (found != nullptr) return *found;
        return evaluate(*term.left);
      }
      case UpdateTerm::Kind::kListAppend: return append(term);
      case UpdateTerm::Kind::kPlus:
      case UpdateTerm::Kind::kMinus: return calculate(term);
    }
    return Value();
  }

  Result<Value> append(const UpdateTerm& term) const {
    TRY_ASSIGN(const Value left, evaluate(*term.left));
    TRY_ASSIGN(const Value right, evaluate(*term.right));
    if (!left.is(Type::kList) || !right.is(Type::kList)) return wrong_type();
    return concatenated(left, right);
  }

  Value concatenated(const Value& left, const Value& right) const {
    auto* const elements = arena_->allocate_array<Value>(left.elements().size() + right.elements().size());
    Value* const middle = std::copy(left.elements().begin(), left.elements().end(), elements);
    Value* const end = std::copy(right.elements().begin(), right.elements().end(), middle);
    return Value::list({elements, static_cast<std::size_t>(end - elements)});
  }

  Result<Value> calculate(const UpdateTerm& term) const {
    TRY_ASSIGN(const Value left, evaluate(*term.left));
    TRY_ASSIGN(const Value right, evaluate(*term.right));
    if (!left.is(Type::kNumber) || !right.is(Type::kNumber)) return wrong_type();
    TRY_ASSIGN(const Number result, term.kind == UpdateTerm::Kind::kPlus
                                        ? Number::add(left.number(), right.number())
                                        : Number::subtract(left.number(), right.number()));
    return Value::number(result);
  }

  // --- ADD and DELETE ---

  Result<Outcome> add(const UpdateAction& action) const {
    const Value* const old = resolve(item_, action.path);
    if (old == nullptr) return Outcome::store(action.value);
    if (old->type() != action.value.type()) return wrong_type();
    if (is_set(old->type())) return Outcome::store(set_union(*old, action.value, arena_));
    if (old->is(Type::kList) && program_.legacy) return Outcome::store(concatenated(*old, action.value));
    if (!old->is(Type::kNumber)) return wrong_type();
    TRY_ASSIGN(const Number sum, Number::add(old->number(), action.value.number()));
    return Outcome::store(Value::number(sum));
  }

  Result<Outcome> remove_members(const UpdateAction& action) const {
    const Value* const old = resolve(item_, action.path);
    if (old == nullptr) return Outcome{};
    if (old->type() != action.value.type()) return wrong_type();
    const Value rest = set_difference(*old, action.value, arena_);
    return is_empty_set(rest) ? Outcome::erase() : Outcome::store(rest);
  }

  Unexpected<Error> wrong_type() const {
    return invalid(program_.legacy ? "Type mismatch for attribute to update"
                                   : "An operand in the update expression has an incorrect data type");
  }

  // --- Places ---

  // A nested place needs the map or list it is in. Where there is no item at all, there is nothing to remove either.
  Result<void> check_parent(const UpdateAction& action) const {
    if (!action.path.is_nested()) return {};
    if (!exists_ && action.kind == UpdateAction::Kind::kRemove) return {};
    const std::span<const PathStep> steps = action.path.steps;
    const Value* const parent = resolve(item_, DocumentPath{steps.first(steps.size() - 1)});
    if (parent != nullptr && parent->is(steps.back().is_index ? Type::kList : Type::kMap)) return {};
    return invalid("The document path provided in the update expression is invalid for update");
  }

  static Result<void> check_nesting(const DocumentPath& path, const Value& value) {
    const auto levels_above = static_cast<int>(path.steps.size()) - 1;
    if (levels_above + nesting_levels(value) <= kMaxNestingLevels) return {};
    return invalid(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
        "limit");
  }

  const UpdateProgram& program_;
  std::span<const Attribute> item_;
  bool exists_;
  Arena* arena_;
};

// Rewrites containers by the outcomes of the actions that meet in them.
class Rewriter {
 public:
  Rewriter(std::span<const Outcome> outcomes, Arena* arena) : outcomes_(outcomes), arena_(arena) {}

  // Of an item or a map. `children` are in byte order of their names.
  std::span<const Attribute> entries(std::span<const Attribute> old, std::span<const PathTree> children) const {
    auto* const result = arena_->allocate_array<Attribute>(old.size() + children.size());
    auto* const seen = arena_->allocate_array<bool>(children.size());
    std::size_t count = 0;
    for (const Attribute& entry : old) {
      const PathTree* const child = find_child(children, entry.name);
      if (child != nullptr) seen[child - children.data()] = true;
      const std::optional<Value> value = child == nullptr ? entry.value : rewritten(entry.value, *child);
      if (value) result[count++] = {entry.name, *value};
    }
    for (const PathTree& child : children) {
      const Value* const value = seen[&child - children.data()] ? nullptr : stored(child);
      if (value != nullptr) result[count++] = {child.step.name, *value};
    }
    return {result, count};
  }

 private:
  // Of a list. `children` are in ascending order of their indexes, which count the old elements; those past the end
  // append.
  std::span<const Value> elements(std::span<const Value> old, std::span<const PathTree> children) const {
    auto* const result = arena_->allocate_array<Value>(old.size() + children.size());
    std::size_t count = 0;
    auto child = children.begin();
    for (std::size_t i = 0; i < old.size(); ++i) {
      const bool touched = child != children.end() && child->step.index == i;
      const std::optional<Value> value = touched ? rewritten(old[i], *child++) : old[i];
      if (value) result[count++] = *value;
    }
    for (; child != children.end(); ++child) {
      const Value* const value = stored(*child);
      if (value != nullptr) result[count++] = *value;
    }
    return {result, count};
  }

  // What becomes of a value at `node`; nothing when it is erased.
  std::optional<Value> rewritten(const Value& old, const PathTree& node) const {
    if (node.is_leaf()) {
      const Outcome& outcome = outcomes_[static_cast<std::size_t>(node.path)];
      if (outcome.kind == Outcome::Kind::kErase) return std::nullopt;
      return outcome.kind == Outcome::Kind::kStore ? outcome.value : old;
    }
    return old.is(Type::kList) ? Value::list(elements(old.elements(), node.children))
                               : Value::map(entries(old.entries(), node.children));
  }

  // What is written to a place where there was nothing.
  const Value* stored(const PathTree& node) const {
    if (!node.is_leaf()) return nullptr;
    const Outcome& outcome = outcomes_[static_cast<std::size_t>(node.path)];
    return outcome.kind == Outcome::Kind::kStore ? &outcome.value : nullptr;
  }

  static const PathTree* find_child(std::span<const PathTree> children, std::string_view name) {
    const auto found = std::lower_bound(children.begin(), children.end(), name,
                                        [](const PathTree& child, std::string_view n) { return child.step.name < n; });
    return found != children.end() && found->step.name == name ? &*found : nullptr;
  }

  std::span<const Outcome> outcomes_;
  Arena* arena_;
};

bool only_removes(const UpdateProgram& program) {
  return !program.actions.empty() &&
         std::all_of(program.actions.begin(), program.actions.end(), [](const UpdateAction& action) {
           return action.kind == UpdateAction::Kind::kRemove || action.kind == UpdateAction::Kind::kDelete;
         });
}

}  // namespace

Result<UpdateResult> apply_update(const UpdateProgram& program, const ItemView* before, std::span<const Attribute> key,
                                  Arena* arena) {
  const bool exists = before != nullptr;
  if (!exists && only_removes(program)) return UpdateResult{.attributes = {}, .creates_nothing = true};
  const std::span<const Attribute> item = exists ? before->decode(arena) : std::span<const Attribute>();
  const OutcomeFinder finder(program, item, exists, arena);
  auto* const outcomes = arena->allocate_array<Outcome>(program.actions.size());
  for (std::size_t i = 0; i < program.actions.size(); ++i) {
    TRY_ASSIGN(outcomes[i], finder.outcome(program.actions[i]));
  }
  const Rewriter rewriter({outcomes, program.actions.size()}, arena);
  return UpdateResult{.attributes = rewriter.entries(exists ? item : key, program.targets->children)};
}

}  // namespace armature::expression
