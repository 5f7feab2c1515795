#include "model/value.h"

#include <algorithm>
#include <vector>

namespace armature {
namespace {

// Below this, looking for each member in turn beats sorting.
constexpr std::size_t kFewMembers = 8;

template <class Member>
bool equal_sets(std::span<const Member> a, std::span<const Member> b) {
  if (a.size() != b.size()) return false;
  // Mostly both come from encodings, which are sorted.
  if (std::equal(a.begin(), a.end(), b.begin())) return true;
  if (a.size() <= kFewMembers) return std::is_permutation(a.begin(), a.end(), b.begin());
  std::vector<Member> sorted_a(a.begin(), a.end());
  std::vector<Member> sorted_b(b.begin(), b.end());
  std::sort(sorted_a.begin(), sorted_a.end());
  std::sort(sorted_b.begin(), sorted_b.end());
  return sorted_a == sorted_b;
}

std::vector<const Attribute*> sorted_by_name(std::span<const Attribute> entries) {
  std::vector<const Attribute*> sorted;
  sorted.reserve(entries.size());
  for (const Attribute& entry : entries) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  return sorted;
}

bool equal_maps(std::span<const Attribute> a, std::span<const Attribute> b) {
  if (a.size() != b.size()) return false;
  if (a.size() <= kFewMembers) {
    return std::all_of(a.begin(), a.end(), [b](const Attribute& entry) {
      const Value* other = find_attribute(b, entry.name);
      return other != nullptr && entry.value == *other;
    });
  }
  const auto sorted_a = sorted_by_name(a);
  const auto sorted_b = sorted_by_name(b);
  return std::equal(sorted_a.begin(), sorted_a.end(), sorted_b.begin(),
                    [](const auto* x, const auto* y) { return x->name == y->name && x->value == y->value; });
}

std::span<const std::string_view> copy_members(std::span<const std::string_view> members, Arena* arena) {
  const std::span<std::string_view> copies = arena->copy_array(members);
  for (std::string_view& member : copies) member = arena->copy(member);
  return copies;
}

std::span<const Value> copy_elements(std::span<const Value> elements, Arena* arena) {
  const std::span<Value> copies = arena->copy_array(elements);
  for (Value& element : copies) element = copy_value(element, arena);
  return copies;
}

std::span<const Attribute> copy_entries(std::span<const Attribute> entries, Arena* arena) {
  const std::span<Attribute> copies = arena->copy_array(entries);
  for (Attribute& entry : copies) entry = {arena->copy(entry.name), copy_value(entry.value, arena)};
  return copies;
}

}  // namespace

std::string_view type_name(Type type) {
  switch (type) {
    case Type::kString: return "S";
    case Type::kNumber: return "N";
    case Type::kBinary: return "B";
    case Type::kStringSet: return "SS";
    case Type::kNumberSet: return "NS";
    case Type::kBinarySet: return "BS";
    case Type::kMap: return "M";
    case Type::kList: return "L";
    case Type::kNull: return "NULL";
    case Type::kBool: return "BOOL";
  }
  __builtin_unreachable();
}

bool operator==(const Value& a, const Value& b) {
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case Type::kString:
    case Type::kBinary: return a.bytes() == b.bytes();
    case Type::kNumber: return a.number() == b.number();
    case Type::kStringSet:
    case Type::kBinarySet: return equal_sets(a.byte_members(), b.byte_members());
    case Type::kNumberSet: return equal_sets(a.number_members(), b.number_members());
    case Type::kMap: return equal_maps(a.entries(), b.entries());
    case Type::kList:
      return std::equal(a.elements().begin(), a.elements().end(), b.elements().begin(), b.elements().end());
    case Type::kNull: return true;
    case Type::kBool: return a.boolean() == b.boolean();
  }
  __builtin_unreachable();
}

int compare_ordered(const Value& a, const Value& b) {
  ARMATURE_ASSERT(a.type() == b.type() && is_ordered(a.type()));
  if (a.is(Type::kNumber)) {
    const auto order = a.number() <=> b.number();
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  const int order = a.bytes().compare(b.bytes());
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

bool is_ordered(Type type) { return type == Type::kString || type == Type::kNumber || type == Type::kBinary; }

bool is_set(Type type) { return type == Type::kStringSet || type == Type::kNumberSet || type == Type::kBinarySet; }

Value copy_value(const Value& value, Arena* arena) {
  switch (value.type()) {
    case Type::kString: return Value::string(arena->copy(value.bytes()));
    case Type::kBinary: return Value::binary(arena->copy(value.bytes()));
    case Type::kStringSet: return Value::string_set(copy_members(value.byte_members(), arena));
    case Type::kBinarySet: return Value::binary_set(copy_members(value.byte_members(), arena));
    case Type::kNumberSet: return Value::number_set(arena->copy_array(value.number_members()));
    case Type::kList: return Value::list(copy_elements(value.elements(), arena));
    case Type::kMap: return Value::map(copy_entries(value.entries(), arena));
    case Type::kNumber:
    case Type::kNull:
    case Type::kBool: return value;
  }
  __builtin_unreachable();
}

std::size_t value_size_bytes(const Value& value) {
  std::size_t size = 0;
  switch (value.type()) {
    case Type::kString:
    case Type::kBinary: return value.bytes().size();
    case Type::kNumber: return value.number().size_bytes();
    case Type::kNull:
    case Type::kBool: return 1;
    case Type::kStringSet:
    case Type::kBinarySet:
      for (const std::string_view member : value.byte_members()) size += member.size();
      return size;
    case Type::kNumberSet:
      for (const Number& member : value.number_members()) size += member.size_bytes();
      return size;
    case Type::kList:
      for (const Value& element : value.elements()) size += kElementSizeBytes + value_size_bytes(element);
      return kContainerSizeBytes + size;
    case Type::kMap:
      for (const Attribute& entry : value.entries()) {
        size += kElementSizeBytes + entry.name.size() + value_size_bytes(entry.value);
      }
      return kContainerSizeBytes + size;
  }
  __builtin_unreachable();
}

int nesting_levels(const Value& value) {
  int deepest = 0;
  switch (value.type()) {
    case Type::kList:
      for (const Value& element : value.elements()) deepest = std::max(deepest, nesting_levels(element));
      // An empty container counts the level its content would be on.
      return 1 + std::max(deepest, 1);
    case Type::kMap:
      for (const Attribute& entry : value.entries()) deepest = std::max(deepest, nesting_levels(entry.value));
      return 1 + std::max(deepest, 1);
    default: return 1;
  }
}

const Value* find_attribute(std::span<const Attribute> attributes, std::string_view name) {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == name) return &attribute.value;
  }
  return nullptr;
}

}  // namespace armature
