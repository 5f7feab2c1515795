// Finds repeats among the members of a set or the names of an object: at once in a few, by sorting in many, so that a
// hundred thousand of them cost no quadratic search. Internal to wire/.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

namespace armature::wire {

inline constexpr std::size_t kFewMembers = 16;

template <class T>
bool has_duplicates(std::span<const T> members) {
  if (members.size() <= kFewMembers) {
    for (std::size_t i = 1; i < members.size(); ++i) {
      if (std::find(members.begin(), members.begin() + i, members[i]) != members.begin() + i) return true;
    }
    return false;
  }
  std::vector<T> sorted(members.begin(), members.end());
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
}

}  // namespace armature::wire
