// links: armature_model
// A key part that reads must write the same bytes again, so stored keys have one form; and the first byte chooses the
// type, or lets the rest be a number's text, which must survive parsing, printing and a key.
#include <cstddef>
#include <cstdint>

#include "base/arena.h"
#include "base/assert.h"
#include "model/key_codec.h"

using namespace armature;

namespace {

void check_key_part(Type type, BytesView bytes) {
  Arena arena;
  const char* cursor = bytes.data();
  const auto value = read_key_part(type, &cursor, bytes.data() + bytes.size(), &arena);
  if (!value) return;
  Bytes again;
  append_key_part(*value, &again);
  ARMATURE_ASSERT(again == bytes.substr(0, static_cast<std::size_t>(cursor - bytes.data())));
}

void check_number_text(BytesView text) {
  const Result<Number> number = Number::parse(text);
  if (!number) return;
  const Result<Number> again = Number::parse(number->text());
  ARMATURE_ASSERT(again && *again == *number);

  Bytes part;
  append_key_part(Value::number(*number), &part);
  Arena arena;
  const char* cursor = part.data();
  const auto back = read_key_part(Type::kNumber, &cursor, part.data() + part.size(), &arena);
  ARMATURE_ASSERT(back && back->number() == *number && cursor == part.data() + part.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0: check_key_part(Type::kString, rest); break;
    case 1: check_key_part(Type::kNumber, rest); break;
    case 2: check_key_part(Type::kBinary, rest); break;
    default: check_number_text(rest); break;
  }
  return 0;
}
