#include "expression/update.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <utility>

#include "draws.h"
#include "expression/set_operations.h"

namespace armature::test {
namespace {

// A value that can be changed in place, to which actions are applied one after the other.
struct Tree {
  Value leaf;
  bool is_map = false;
  bool is_list = false;
  std::map<std::string, Tree> entries;
  std::vector<std::optional<Tree>> elements;  // Erased ones stay as gaps until the end.
  std::map<std::uint32_t, Tree> appended;

  static Tree of(const Value& value) {
    Tree tree;
    tree.leaf = value;
    tree.is_map = value.is(Type::kMap);
    tree.is_list = value.is(Type::kList);
    if (tree.is_map) {
      for (const Attribute& entry : value.entries()) tree.entries.emplace(entry.name, of(entry.value));
    }
    if (tree.is_list) {
      for (const Value& element : value.elements()) tree.elements.push_back(of(element));
    }
    return tree;
  }

  Tree* child(const PathStep& step) {
    if (step.is_index) return is_list && step.index < elements.size() ? &*elements[step.index] : nullptr;
    const auto found = entries.find(std::string(step.name));
    return found == entries.end() ? nullptr : &found->second;
  }

  void write(const PathStep& step, const std::optional<Value>& value) {
    if (!step.is_index) {
      entries.erase(std::string(step.name));
      if (value) entries.emplace(step.name, of(*value));
    } else if (step.index < elements.size()) {
      elements[step.index] = value ? std::optional(of(*value)) : std::nullopt;
    } else if (value) {
      appended.emplace(step.index, of(*value));
    }
  }

  Value value() const {
    if (is_map) {
      std::vector<Attribute> all;
      for (const auto& [name, entry] : entries) all.push_back({arena()->copy(name), entry.value()});
      return Value::map(arena()->copy_array(all));
    }
    if (!is_list) return leaf;
    std::vector<Value> all;
    for (const auto& element : elements) {
      if (element) all.push_back(element->value());
    }
    for (const auto& [index, element] : appended) all.push_back(element.value());
    return Value::list(arena()->copy_array(all));
  }
};

// SET of constants and REMOVE, in any order; nothing when a parent is missing or does not fit.
std::optional<Value> one_by_one(const UpdateProgram& program, std::span<const Attribute> item) {
  Tree root = Tree::of(Value::map(item));
  for (const UpdateAction& action : program.actions) {
    Tree* place = &root;
    for (const PathStep& step : action.path.steps.first(action.path.steps.size() - 1)) {
      place = place->child(step);
      if (place == nullptr) return std::nullopt;
    }
    if (!(action.path.steps.back().is_index ? place->is_list : place->is_map)) return std::nullopt;
    place->write(action.path.steps.back(),
                 action.kind == UpdateAction::Kind::kSet ? std::optional(action.term->value) : std::nullopt);
  }
  return root.value();
}

UpdateAction draw_action() {
  UpdateAction action{.kind = UpdateAction::Kind::kRemove, .path = draw_path()};
  if (coin()) return action;
  action.kind = UpdateAction::Kind::kSet;
  action.term = make_value_term(draw_value(1), arena());
  return action;
}

const UpdateProgram* draw_program() {
  std::vector<UpdateAction> actions;
  for (int count = *rc::gen::inRange(1, 5); count > 0; --count) actions.push_back(draw_action());
  const auto program = make_update_program(actions, false, arena());
  RC_PRE(program.has_value());
  return *program;
}

TEST(UpdateProperty, RewritingInOneWalkIsLikeOneActionAfterTheOther) {
  EXPECT_TRUE(rc::check([] {
    const auto item = draw_item();
    const Bytes encoded = encode_item(item);
    const ItemView before(encoded);
    const UpdateProgram* const program = draw_program();
    const auto result = apply_update(*program, &before, {}, arena());
    const auto model = one_by_one(*program, item);
    RC_ASSERT(result.has_value() == model.has_value());
    if (!result) return;
    RC_ASSERT(Value::map(result->attributes) == *model);
    RC_ASSERT(is_valid_item(encode_item(result->attributes)));
  }));
}

TEST(UpdateProperty, AttributesThatAreNotTouchedStayAsTheyWere) {
  EXPECT_TRUE(rc::check([] {
    const auto item = draw_item();
    const Bytes encoded = encode_item(item);
    const ItemView before(encoded);
    const UpdateProgram* const program = draw_program();
    const auto result = apply_update(*program, &before, {}, arena());
    RC_PRE(result.has_value());
    std::vector<std::string_view> touched;
    for_each_touched_attribute(
        *program,
        [](void* names, std::string_view name) { static_cast<std::vector<std::string_view>*>(names)->push_back(name); },
        &touched);
    for (const Attribute& attribute : item) {
      if (std::find(touched.begin(), touched.end(), attribute.name) != touched.end()) continue;
      const Value* const after = find_attribute(result->attributes, attribute.name);
      RC_ASSERT(after != nullptr);
      RC_ASSERT(*after == attribute.value);
    }
  }));
}

TEST(UpdateProperty, DeletingWhatWasAddedLeavesNoneOfIt) {
  EXPECT_TRUE(rc::check([] {
    const Value a = draw_set();
    const Value b = draw_set();
    RC_PRE(a.type() == b.type());
    const Value both = set_union(a, b, arena());
    RC_ASSERT(both == set_union(b, a, arena()));
    RC_ASSERT(set_union(both, b, arena()) == both);
    const Value rest = set_difference(both, b, arena());
    RC_ASSERT(is_empty_set(set_difference(rest, a, arena())));
    RC_ASSERT(set_union(rest, b, arena()) == both);
  }));
}

}  // namespace
}  // namespace armature::test
