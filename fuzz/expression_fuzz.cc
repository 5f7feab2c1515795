// links: armature_expression
// Any text, as every kind of expression, against an item: an answer or an error, never a crash. What binds must
// evaluate, and what an update makes must be a valid item.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "expression/condition.h"
#include "expression/projection.h"
#include "expression/update.h"
#include "support/values.h"

using namespace armature;
using namespace armature::expression;
using namespace armature::test;

namespace {

std::span<const NamePlaceholder> names() {
  static const NamePlaceholder entries[] = {{"#a", "a"}, {"#m", "m"}, {"#n", "x.y"}};
  return entries;
}

std::span<const Attribute> values() {
  static const auto entries = attributes({{":n", N(1)},
                                          {":s", S("x")},
                                          {":b", B("\x01")},
                                          {":l", L({N(1)})},
                                          {":m", M({{"k", N(1)}})},
                                          {":t", BOOL(true)},
                                          {":z", Null()},
                                          {":ss", SS({"a", "b"})},
                                          {":ns", NS({"1", "2"})}});
  return entries;
}

const Bytes& stored_item() {
  static const Bytes encoded = item({{"a", N(1)},
                                     {"s", S("text")},
                                     {"l", L({N(1), S("x"), M({{"k", N(2)}})})},
                                     {"m", M({{"k", L({N(1)})}, {"s", SS({"a"})}})},
                                     {"t", NS({"1", "3"})}});
  return encoded;
}

void try_condition(std::string_view text, Parameter parameter, const ItemView& item, Arena* arena) {
  static const KeySchema schema{{{"a", Type::kNumber}}, {{"s", Type::kString}}};
  Placeholders placeholders(names(), values());
  const auto condition = bind_condition(text, parameter, &placeholders, arena);
  if (!condition) return;
  evaluate(**condition, &item, arena);
  evaluate(**condition, nullptr, arena);
  first_key_attribute(**condition, schema);
  if (const auto key = reduce_key_condition(**condition, schema, arena)) ARMATURE_ASSERT(key->partition.size() == 1);
}

void try_update(std::string_view text, const ItemView& item, Arena* arena) {
  Placeholders placeholders(names(), values());
  const auto program = bind_update(text, &placeholders, arena);
  if (!program) return;
  static const auto key = attributes({{"p", S("k")}});
  for (const ItemView* before : {&item, static_cast<const ItemView*>(nullptr)}) {
    const auto result = apply_update(**program, before, key, arena);
    if (!result) continue;
    ARMATURE_ASSERT(is_valid_item(encode_item(result->attributes)));
    project_touched(**program, result->attributes, arena);
  }
}

void try_projection(std::string_view text, const ItemView& item, Arena* arena) {
  Placeholders placeholders(names(), values());
  const auto projection = bind_projection(text, &placeholders, arena);
  if (!projection) return;
  ARMATURE_ASSERT(is_valid_item(encode_item(project(**projection, item, arena))));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ItemView item(stored_item());
  Arena request;
  try_condition(text, Parameter::kCondition, item, &request);
  try_condition(text, Parameter::kKeyCondition, item, &request);
  try_update(text, item, &request);
  try_projection(text, item, &request);
  return 0;
}
