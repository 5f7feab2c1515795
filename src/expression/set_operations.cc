#include "expression/set_operations.h"

#include <algorithm>

namespace armature::expression {
namespace {

template <class Member>
std::span<Member> sorted(std::span<const Member> members, Arena* arena) {
  const std::span<Member> copy = arena->copy_array(members);
  std::sort(copy.begin(), copy.end());
  return copy;
}

struct Union {
  template <class It, class Out>
  static Out run(It a, It a_end, It b, It b_end, Out out) {
    return std::set_union(a, a_end, b, b_end, out);
  }
};

struct Difference {
  template <class It, class Out>
  static Out run(It a, It a_end, It b, It b_end, Out out) {
    return std::set_difference(a, a_end, b, b_end, out);
  }
};

// Sorting first keeps the work near linear: a set may have a hundred thousand members.
template <class Operation, class Member>
std::span<const Member> combine(std::span<const Member> a, std::span<const Member> b, Arena* arena) {
  const std::span<Member> left = sorted(a, arena);
  const std::span<Member> right = sorted(b, arena);
  Member* const out = arena->allocate_array<Member>(a.size() + b.size());
  Member* const end = Operation::run(left.begin(), left.end(), right.begin(), right.end(), out);
  return {out, static_cast<std::size_t>(end - out)};
}

template <class Operation>
Value combine(const Value& a, const Value& b, Arena* arena) {
  ARMATURE_ASSERT(a.type() == b.type() && is_set(a.type()));
  if (a.is(Type::kNumberSet)) {
    return Value::number_set(combine<Operation>(a.number_members(), b.number_members(), arena));
  }
  const std::span<const std::string_view> members = combine<Operation>(a.byte_members(), b.byte_members(), arena);
  return a.is(Type::kStringSet) ? Value::string_set(members) : Value::binary_set(members);
}

}  // namespace

Value set_union(const Value& a, const Value& b, Arena* arena) { return combine<Union>(a, b, arena); }
Value set_difference(const Value& a, const Value& b, Arena* arena) { return combine<Difference>(a, b, arena); }

bool is_empty_set(const Value& set) {
  return set.is(Type::kNumberSet) ? set.number_members().empty() : set.byte_members().empty();
}

}  // namespace armature::expression
