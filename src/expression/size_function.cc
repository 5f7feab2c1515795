#include "expression/size_function.h"

namespace armature::expression {

std::size_t utf16_length(std::string_view utf8) {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continuation = (byte & 0xC0) == 0x80;
    const bool leads_surrogate_pair = byte >= 0xF0;
    units += (continuation ? 0 : 1) + (leads_surrogate_pair ? 1 : 0);
  }
  return units;
}

std::optional<std::size_t> size_of(const Value& value) {
  switch (value.type()) {
    case Type::kString: return utf16_length(value.bytes());
    case Type::kBinary: return value.bytes().size();
    case Type::kStringSet:
    case Type::kBinarySet: return value.byte_members().size();
    case Type::kNumberSet: return value.number_members().size();
    case Type::kList: return value.elements().size();
    case Type::kMap: return value.entries().size();
    case Type::kNumber:
    case Type::kBool:
    case Type::kNull: return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::size_t> size_of(const EncodedValue& value) {
  switch (value.type()) {
    case Type::kString: return utf16_length(value.bytes());
    case Type::kBinary: return value.bytes().size();
    case Type::kStringSet:
    case Type::kBinarySet:
    case Type::kNumberSet:
    case Type::kList:
    case Type::kMap: return value.count();
    case Type::kNumber:
    case Type::kBool:
    case Type::kNull: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace armature::expression
