#include "partiql/value_binder.h"

#include <algorithm>
#include <vector>

#include "model/attribute_name.h"
#include "partiql/token_reader.h"

namespace armature::partiql {
namespace {

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

template <class T>
bool has_duplicates(std::span<const T> members) {
  std::vector<T> sorted(members.begin(), members.end());
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
}

Result<void> check_levels(const Value& value) {
  if (nesting_levels(value) <= kMaxNestingLevels) return {};
  return invalid(
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
      "limit");
}

Result<Value> byte_set(Type type, std::span<const std::string_view> members) {
  if (type == Type::kString) {
    if (!has_duplicates(members)) return Value::string_set(members);
    std::string text = std::string(kInvalid) + "Input collection [";
    for (const std::string_view& member : members) text.append(&member == members.data() ? "" : ", ").append(member);
    return invalid(text + "] contains duplicates.");
  }
  if (!has_duplicates(members)) return Value::binary_set(members);
  return invalid(std::string(kInvalid) + "Input collection of type BS contains duplicates.");
}

}  // namespace

bool ValueBinder::is_value(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kLiteral:
    case Node::Kind::kParameter:
    case Node::Kind::kList:
    case Node::Kind::kSet:
    case Node::Kind::kMap: return true;
    default: return false;
  }
}

Result<Value> ValueBinder::bind(const Node& node) {
  TRY_ASSIGN(const Value value, bind_part(node));
  TRY(check_levels(value));
  return value;
}

Result<std::span<const Attribute>> ValueBinder::bind_item(const Node& node) {
  TRY_ASSIGN(const Value item, bind_part(node));
  if (!item.is(Type::kMap)) return malformed("Expected a map of attributes after VALUE", node.at);
  for (const Attribute& attribute : item.entries()) {
    TRY(check_attribute_name(attribute.name));
    TRY(check_levels(attribute.value));
  }
  return item.entries();
}

Result<Value> ValueBinder::bind_part(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kLiteral: return node.literal;
    case Node::Kind::kParameter: return parameters_[node.parameter];
    case Node::Kind::kList: return bind_list(node);
    case Node::Kind::kSet: return bind_set(node);
    case Node::Kind::kMap: return bind_map(node);
    default: return malformed("Expected a literal or a parameter", node.at);
  }
}

Result<Value> ValueBinder::bind_list(const Node& node) {
  auto* const elements = arena_->allocate_array<Value>(node.children.size());
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    TRY_ASSIGN(elements[i], bind_part(*node.children[i]));
  }
  return Value::list({elements, node.children.size()});
}

Result<Value> ValueBinder::bind_set(const Node& node) {
  const std::size_t count = node.children.size();
  if (count == 0) return invalid(std::string(kInvalid) + "An string set  may not be empty");
  auto* const bytes = arena_->allocate_array<std::string_view>(count);
  auto* const numbers = arena_->allocate_array<Number>(count);
  Type type = Type::kNull;
  for (std::size_t i = 0; i < count; ++i) {
    TRY_ASSIGN(const Value member, bind_part(*node.children[i]));
    if (!is_ordered(member.type()) || (i > 0 && !member.is(type))) {
      return malformed("A set holds strings, numbers or binaries of one type", node.children[i]->at);
    }
    type = member.type();
    if (type == Type::kNumber) {
      numbers[i] = member.number();
    } else {
      bytes[i] = member.bytes();
    }
  }
  if (type != Type::kNumber) return byte_set(type, {bytes, count});
  const std::span<const Number> members(numbers, count);
  if (has_duplicates(members)) return invalid("Input collection contains duplicates");
  return Value::number_set(members);
}

Result<Value> ValueBinder::bind_map(const Node& node) {
  auto* const entries = arena_->allocate_array<Attribute>(node.children.size());
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const std::string_view name = node.names[i];
    TRY(check_attribute_name(name));
    entries[i].name = name;
    TRY_ASSIGN(entries[i].value, bind_part(*node.children[i]));
  }
  if (has_duplicates(node.names)) return malformed("Attribute named twice", node.at);
  return Value::map({entries, node.children.size()});
}

}  // namespace armature::partiql
