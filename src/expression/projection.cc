#include "expression/projection.h"

#include "expression/binder.h"
#include "expression/parse_cache.h"
#include "expression/path_tree.h"

namespace armature::expression {
namespace {

// A place in an item, stored or decoded: what walking down a path tree needs to know of it.
class StoredPlace {
 public:
  explicit StoredPlace(const EncodedValue& value) : value_(value) {}
  bool is_list() const { return value_.type() == Type::kList; }
  bool is_map() const { return value_.type() == Type::kMap; }
  std::optional<StoredPlace> entry(std::string_view name) const { return wrap(value_.find(name)); }
  std::optional<StoredPlace> element(std::uint32_t index) const { return wrap(value_.at(index)); }
  Value whole(Arena* arena) const { return value_.decode(arena); }

  static std::optional<StoredPlace> wrap(const std::optional<EncodedValue>& value) {
    return value ? std::optional(StoredPlace(*value)) : std::nullopt;
  }

 private:
  EncodedValue value_;
};

class DecodedPlace {
 public:
  explicit DecodedPlace(const Value* value) : value_(value) {}
  bool is_list() const { return value_->is(Type::kList); }
  bool is_map() const { return value_->is(Type::kMap); }
  std::optional<DecodedPlace> entry(std::string_view name) const {
    return wrap(find_attribute(value_->entries(), name));
  }
  std::optional<DecodedPlace> element(std::uint32_t index) const {
    return index < value_->elements().size() ? wrap(&value_->elements()[index]) : std::nullopt;
  }
  Value whole(Arena*) const { return *value_; }

  static std::optional<DecodedPlace> wrap(const Value* value) {
    return value != nullptr ? std::optional(DecodedPlace(value)) : std::nullopt;
  }

 private:
  const Value* value_;
};

template <class Place>
std::optional<Value> part_of(const Place& place, const PathTree& node, Arena* arena);

// The entries that `children` name and `find` (name to place) has.
template <class Find>
std::span<const Attribute> named_parts(std::span<const PathTree> children, Arena* arena, const Find& find) {
  auto* const parts = arena->allocate_array<Attribute>(children.size());
  std::size_t count = 0;
  for (const PathTree& child : children) {
    const auto place = find(child.step.name);
    const std::optional<Value> part = place ? part_of(*place, child, arena) : std::nullopt;
    if (part) parts[count++] = {child.step.name, *part};
  }
  return {parts, count};
}

// Children come in ascending order of their indexes, so the elements that are there close ranks in that order.
template <class Place>
std::span<const Value> indexed_parts(const Place& list, std::span<const PathTree> children, Arena* arena) {
  auto* const parts = arena->allocate_array<Value>(children.size());
  std::size_t count = 0;
  for (const PathTree& child : children) {
    const auto place = list.element(child.step.index);
    const std::optional<Value> part = place ? part_of(*place, child, arena) : std::nullopt;
    if (part) parts[count++] = *part;
  }
  return {parts, count};
}

// What the paths below `node` name in `place`; nothing when none leads anywhere.
template <class Place>
std::optional<Value> part_of(const Place& place, const PathTree& node, Arena* arena) {
  if (node.is_leaf()) return place.whole(arena);
  if (node.children.front().step.is_index) {
    if (!place.is_list()) return std::nullopt;
    const std::span<const Value> parts = indexed_parts(place, node.children, arena);
    return parts.empty() ? std::nullopt : std::optional(Value::list(parts));
  }
  if (!place.is_map()) return std::nullopt;
  const auto parts = named_parts(node.children, arena, [&](std::string_view name) { return place.entry(name); });
  return parts.empty() ? std::nullopt : std::optional(Value::map(parts));
}

}  // namespace

Result<const Projection*> make_projection(std::span<const DocumentPath> paths, Arena* arena) {
  const Expected<const PathTree*, PathClash> tree = build_path_tree(paths, arena);
  if (!tree) {
    const PathClash clash = tree.error();
    return invalid_expression(Parameter::kProjection, clash_text(paths[clash.first], paths[clash.second]));
  }
  return arena->create<Projection>(paths, *tree);
}

Result<const Projection*> bind_projection(std::string_view text, Placeholders* placeholders, Arena* arena) {
  TRY_ASSIGN(const SyntaxTree* const tree, parse_cached(text, Parameter::kProjection));
  Binder binder(text, Parameter::kProjection, *tree, placeholders, arena);
  auto* const paths = arena->allocate_array<DocumentPath>(tree->root().child_count);
  std::size_t count = 0;
  for (const SyntaxNode* node = tree->first_child(tree->root()); node != nullptr; node = tree->next_sibling(*node)) {
    TRY_ASSIGN(paths[count++], binder.path(*node));
  }
  return make_projection({paths, count}, arena);
}

std::span<const Attribute> project(const Projection& projection, const ItemView& item, Arena* arena) {
  return named_parts(projection.tree->children, arena,
                     [&](std::string_view name) { return StoredPlace::wrap(item.find(name)); });
}

std::span<const Attribute> project(const Projection& projection, std::span<const Attribute> item, Arena* arena) {
  return project(*projection.tree, item, arena);
}

std::span<const Attribute> project(const PathTree& tree, std::span<const Attribute> item, Arena* arena) {
  return named_parts(tree.children, arena,
                     [&](std::string_view name) { return DecodedPlace::wrap(find_attribute(item, name)); });
}

void for_each_attribute(const Projection& projection, void (*visit)(void* context, std::string_view name),
                        void* context) {
  for (const DocumentPath& path : projection.paths) visit(context, path.top_level_name());
}

Result<void> check_keys_are_scalars(const Projection& projection, const KeySchema& schema, KeyKind kind) {
  for (const DocumentPath& path : projection.paths) TRY(check_key_is_scalar(path, schema, kind));
  return {};
}

}  // namespace armature::expression
