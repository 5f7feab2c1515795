// Random tables and items: few distinct values, so that keys collide, items enter and leave indexes, and updates change
// nothing often enough. A failure names its seed.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "support/item_store.h"
#include "support/tables.h"
#include "support/values.h"

namespace armature::test {

inline TableDefinition random_table() {
  return table("t")
      .pk("p", 'S')
      .sk("s", 'N')
      .lsi("local_all", "a", 'S')
      .lsi("local_keys", "n", 'N')
      .keys_only()
      .gsi("by_a", {{"a", 'S'}}, {{"n", 'N'}})
      .gsi("by_n", {{"n", 'N'}})
      .include({"extra", "m"})
      .gsi("by_all", {{"a", 'S'}, {"n", 'N'}}, {{"b", 'B'}, {"s", 'N'}})
      .keys_only();
}

class RandomItems {
 public:
  explicit RandomItems(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  bool one_in(std::uint64_t count) { return random_.below(count) == 0; }

  Value partition_key() { return S(std::string(1, static_cast<char>('a' + below(3)))); }
  Value sort_key() { return N(static_cast<std::int64_t>(below(7)) - 3); }
  std::span<const Attribute> key() { return attributes({{"p", partition_key()}, {"s", sort_key()}}); }

  Value string() {
    static constexpr std::string_view kStrings[] = {"x", std::string_view("x\0", 2), "xy", "y", "\xff"};
    return S(kStrings[below(std::size(kStrings))]);
  }
  Value number() {
    static constexpr const char* kNumbers[] = {"-1.5", "0", "1", "10", "1e20"};
    return N(kNumbers[below(std::size(kNumbers))]);
  }
  Value binary() { return B(std::string(1 + below(2), static_cast<char>(0x7e + below(3)))); }

  // A whole item of that key; every other attribute is there as often as not.
  std::span<const Attribute> item_of(std::span<const Attribute> key) {
    std::vector<Attribute> item(key.begin(), key.end());
    if (one_in(2)) item.push_back({"a", string()});
    if (one_in(2)) item.push_back({"n", number()});
    if (one_in(2)) item.push_back({"b", binary()});
    if (one_in(2)) item.push_back({"extra", number()});
    if (one_in(2)) item.push_back({"m", M({{"l", L({string(), number()})}})});
    if (one_in(3)) item.push_back({"filler", S(std::string(below(3000), 'f'))});
    return arena()->copy_array(item);
  }

 private:
  SeededRandom random_;
};

}  // namespace armature::test
