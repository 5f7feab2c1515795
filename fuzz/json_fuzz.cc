// links: armature_wire armature_model
// Any bytes parse or are refused without harm. What parses and decodes as attributes is written the same from the
// values and from the item they make, and reads back as the same item.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "wire/attribute_json.h"
#include "wire/query_protocol.h"

using namespace armature;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

Bytes written(std::span<const Attribute> attributes) {
  Bytes out;
  wire::JsonWriter writer(&out);
  wire::write_attributes(attributes, &writer);
  return out;
}

Bytes written(const ItemView& item) {
  Bytes out;
  wire::JsonWriter writer(&out);
  wire::write_item(item, &writer);
  return out;
}

void round_trip(std::span<const Attribute> attributes) {
  const Bytes item = encode_item(attributes);
  require(is_valid_item(item));
  const Bytes json = written(ItemView(item));

  for (const Bytes& text : {json, written(attributes)}) {
    Arena arena;
    const auto parsed = wire::parse_json(text, &arena);
    require(parsed.has_value());
    const auto decoded = wire::decode_attributes(**parsed, &arena);
    require(decoded.has_value());
    require(encode_item(*decoded) == item);
    require(written(ItemView(item)) == json);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input(reinterpret_cast<const char*>(data), size);
  Arena arena;
  (void)wire::parse_query(input, &arena);
  const auto json = wire::parse_json(input, &arena);
  if (!json) return 0;
  const auto types = wire::check_attribute_types(**json);
  const auto attributes = wire::decode_attributes(**json, &arena);
  if (!attributes) {
    // Type errors come first, and only type errors are found by the check alone.
    require(types.has_value() == (attributes.error().code != ErrorCode::kSerialization));
    return 0;
  }
  require(types.has_value());
  round_trip(*attributes);
  return 0;
}
