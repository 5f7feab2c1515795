// links: armature_model
// Bytes that is_valid_item() accepts must decode, encode to themselves again and be found name by name; all others must
// be refused without harm.
#include <cstddef>
#include <cstdint>

#include "base/arena.h"
#include "base/assert.h"
#include "model/item.h"

using namespace armature;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView encoded(reinterpret_cast<const char*>(data), size);
  if (!is_valid_item(encoded)) return 0;

  Arena arena;
  const ItemView item(encoded);
  const std::span<const Attribute> attributes = item.decode(&arena);
  ARMATURE_ASSERT(encode_item(attributes) == encoded);
  ARMATURE_ASSERT(item_size_bytes(attributes) == item.size_bytes());
  ARMATURE_ASSERT(attributes.size() == item.attribute_count());
  for (const Attribute& attribute : attributes) {
    const auto found = item.find(attribute.name);
    ARMATURE_ASSERT(found && found->decode(&arena) == attribute.value);
    ARMATURE_ASSERT(copy_value(attribute.value, &arena) == attribute.value);
    ARMATURE_ASSERT(nesting_levels(attribute.value) <= kMaxNestingLevels + 1 + 1);
  }
  return 0;
}
