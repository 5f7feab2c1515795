// The stored form of an item: one byte string that can be written out as JSON, searched for one
// attribute or path, and sized, without building a tree. The encoder sorts attribute and map names and
// set members, so that two items are equal exactly when their encodings are the same bytes.
// The layout is drawn beside the encoder, in item.cc.
//
// ItemView and EncodedValue borrow the bytes they were made from and are safe from any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/bytes.h"
#include "model/value.h"

namespace armature {

inline constexpr std::size_t kMaxItemSizeBytes = 400 * 1024;

class EncodedValue;
namespace item_format {
class EntryReader;  // model/item_inl.h
}

// A name and a value inside encoded bytes.
struct EncodedAttribute;

// One value inside an encoded item. Cheap to copy.
class EncodedValue {
 public:
  EncodedValue() = default;
  Type type() const;
  // Scalars borrow from the item's bytes; sets, lists and maps get their spans from `arena`, their bytes still
  // borrowed.
  Value decode(Arena* arena) const;

  // Of a map (kMap): the entry `name`. Of a list (kList): element `index`. nullopt when absent or of another type.
  std::optional<EncodedValue> find(std::string_view name) const;
  std::optional<EncodedValue> at(std::size_t index) const;

  // S and B only: the bytes. N only: the number. BOOL only.
  BytesView bytes() const;
  Number number() const;
  bool boolean() const;
  // Elements of a set, list or map; length in bytes of S and B.
  std::size_t count() const;

  // The bytes of this value alone; equal values have equal bytes.
  BytesView raw() const { return {begin_, static_cast<std::size_t>(end_ - begin_)}; }

  // Calls visit(EncodedValue) for each element of a list, visit(EncodedAttribute) for each entry of a map,
  // visit(BytesView) / visit(Number) for each member of a set.
  template <class Visit>
  void for_each_element(Visit visit) const;
  template <class Visit>
  void for_each_entry(Visit visit) const;
  template <class Visit>
  void for_each_byte_member(Visit visit) const;
  template <class Visit>
  void for_each_number_member(Visit visit) const;

 private:
  friend class item_format::EntryReader;
  EncodedValue(const char* begin, const char* end) : begin_(begin), end_(end) {}
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
};

struct EncodedAttribute {
  std::string_view name;
  EncodedValue value;
};

class ItemView {
 public:
  // `encoded` must have come from encode_item() or passed is_valid_item(): reading assumes it is well formed.
  explicit ItemView(BytesView encoded);

  std::size_t attribute_count() const;
  // DynamoDB's size of the item in bytes, names included; stored, not recomputed.
  std::size_t size_bytes() const;
  std::optional<EncodedValue> find(std::string_view name) const;
  // All attributes, decoded as EncodedValue::decode does.
  std::span<const Attribute> decode(Arena* arena) const;
  template <class Visit>  // visit(EncodedAttribute), in name order.
  void for_each(Visit visit) const;

  BytesView encoded() const { return encoded_; }

 private:
  BytesView encoded_;
};

// Appends the encoding of `attributes` to `*out`. Names must be distinct; sets must not be empty and be free of
// duplicates.
void encode_item(std::span<const Attribute> attributes, Bytes* out);
inline Bytes encode_item(std::span<const Attribute> attributes) {
  Bytes out;
  encode_item(attributes, &out);
  return out;
}

// Whether `encoded` is a whole, canonical item: for `armature check` and fuzzing, not for the hot path.
bool is_valid_item(BytesView encoded);

// Sum over attributes of name and value. Source: Developer Guide, "DynamoDB item sizes and formats".
std::size_t item_size_bytes(std::span<const Attribute> attributes);

}  // namespace armature

#include "model/item_inl.h"  // The templates above.
