// Checks an item that nobody vouches for: every length, every order, every choice the encoder has only one answer to,
// and the stored size. The layout is drawn in item.cc.

#include <optional>

#include "model/item.h"

namespace armature {
namespace {

// An empty container at the deepest allowed place counts one level more (nesting_levels).
constexpr int kDeepestLevel = kMaxNestingLevels + 1;

class Validator {
 public:
  explicit Validator(BytesView encoded) : cursor_(encoded.data()), end_(cursor_ + encoded.size()) {}

  bool whole_item() {
    const char* const begin = cursor_;
    if (end_ - cursor_ < static_cast<std::ptrdiff_t>(item_format::kItemCountOffset)) return false;
    if (*cursor_ != item_format::kVersion) return false;
    cursor_ += item_format::kItemCountOffset;
    if (!entries(0, 1) || cursor_ != end_) return false;
    return size_bytes_ == item_format::read_u32(begin + item_format::kItemSizeOffset);
  }

 private:
  // `size_each`: what an entry adds to the size besides its name and value.
  bool entries(std::size_t size_each, int level) {
    std::uint64_t count = 0;
    if (!varint(&count)) return false;
    std::optional<BytesView> previous;
    for (; count > 0; --count) {
      BytesView name;
      if (!bytes(&name) || (previous && *previous >= name)) return false;
      previous = name;
      size_bytes_ += size_each + name.size();
      if (!value(level)) return false;
    }
    return true;
  }

  bool value(int level) {
    if (level > kDeepestLevel || cursor_ == end_) return false;
    const auto tag = static_cast<unsigned char>(*cursor_++);
    constexpr unsigned kTrueTag = static_cast<unsigned>(Type::kBool) | item_format::kTrueFlag;
    if (tag > static_cast<unsigned>(Type::kBool) && tag != kTrueTag) return false;
    const Type type = static_cast<Type>(tag & item_format::kTypeMask);
    switch (type) {
      case Type::kString:
      case Type::kBinary: return byte_content();
      case Type::kNumber: {
        Number ignored;
        return number(&ignored);
      }
      case Type::kNull:
      case Type::kBool: ++size_bytes_; return true;
      case Type::kStringSet:
      case Type::kNumberSet:
      case Type::kBinarySet:
      case Type::kMap:
      case Type::kList: return container(type, level);
    }
    return false;
  }

  bool byte_content() {
    BytesView content;
    if (!bytes(&content)) return false;
    size_bytes_ += content.size();
    return true;
  }

  bool container(Type type, int level) {
    if (end_ - cursor_ < static_cast<std::ptrdiff_t>(sizeof(std::uint32_t))) return false;
    const std::uint32_t length = item_format::read_u32(cursor_);
    cursor_ += sizeof length;
    if (length > static_cast<std::size_t>(end_ - cursor_)) return false;
    const char* const content_end = cursor_ + length;
    return content(type, level) && cursor_ == content_end;
  }

  bool content(Type type, int level) {
    switch (type) {
      case Type::kMap: size_bytes_ += kContainerSizeBytes; return entries(kElementSizeBytes, level + 1);
      case Type::kList: size_bytes_ += kContainerSizeBytes; return elements(level + 1);
      case Type::kNumberSet: return number_members();
      default: return byte_members();
    }
  }

  bool elements(int level) {
    std::uint64_t count = 0;
    if (!varint(&count)) return false;
    for (; count > 0; --count) {
      size_bytes_ += kElementSizeBytes;
      if (!value(level)) return false;
    }
    return true;
  }

  bool byte_members() {
    std::uint64_t count = 0;
    if (!varint(&count) || count == 0) return false;
    std::optional<BytesView> previous;
    for (; count > 0; --count) {
      BytesView member;
      if (!bytes(&member) || (previous && *previous >= member)) return false;
      previous = member;
      size_bytes_ += member.size();
    }
    return true;
  }

  bool number_members() {
    std::uint64_t count = 0;
    if (!varint(&count) || count == 0) return false;
    std::optional<Number> previous;
    for (; count > 0; --count) {
      Number member;
      if (!number(&member) || (previous && *previous >= member)) return false;
      previous = member;
    }
    return true;
  }

  bool number(Number* number) {
    constexpr unsigned kKnownBits =
        item_format::kCoefficientLengthMask | item_format::kHasExponent | item_format::kNegative;
    if (cursor_ == end_) return false;
    const auto head = static_cast<unsigned char>(*cursor_++);
    const unsigned length = head & item_format::kCoefficientLengthMask;
    std::uint64_t words[2] = {0, 0};
    if ((head & ~kKnownBits) != 0 || length > sizeof words) return false;
    if (length > static_cast<std::size_t>(end_ - cursor_)) return false;
    if (length > 0 && cursor_[length - 1] == 0) return false;
    std::memcpy(words, cursor_, length);
    cursor_ += length;

    std::uint64_t exponent = 0;
    if ((head & item_format::kHasExponent) != 0) {
      constexpr std::uint64_t kFarOutOfRange = 1024;
      if (!varint(&exponent) || exponent == 0 || exponent > kFarOutOfRange) return false;
    }
    const unsigned __int128 coefficient = static_cast<unsigned __int128>(words[1]) << 64 | words[0];
    const Number written = Number::from_canonical_parts((head & item_format::kNegative) != 0, coefficient,
                                                        item_format::decode_exponent(exponent));
    // What from_parts() changes was not canonical: trailing zeros, or a sign or exponent of zero.
    if (!Number::from_parts(written.is_negative(), coefficient, written.exponent(), number)) return false;
    size_bytes_ += number->size_bytes();
    return *number == written;
  }

  bool bytes(BytesView* content) {
    std::uint64_t length = 0;
    if (!varint(&length) || length > static_cast<std::size_t>(end_ - cursor_)) return false;
    *content = BytesView(cursor_, length);
    cursor_ += length;
    return true;
  }

  // Only the shortest form of a varint is canonical: its last byte carries something.
  bool varint(std::uint64_t* value) {
    const char* const begin = cursor_;
    if (!read_varint(&cursor_, end_, value)) return false;
    if (cursor_ - begin > 1 && cursor_[-1] == 0) return false;
    constexpr std::uint64_t kNoLengthIsLarger = std::uint64_t{1} << 40;
    return *value < kNoLengthIsLarger;
  }

  const char* cursor_;
  const char* const end_;
  std::size_t size_bytes_ = 0;
};

}  // namespace

bool is_valid_item(BytesView encoded) { return Validator(encoded).whole_item(); }

}  // namespace armature
