#include "expression/describe.h"

#include <string_view>

namespace armature::expression {
namespace {

void append_base64(BytesView bytes, std::string* out) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte_at = [&](std::size_t j) -> unsigned {
      return j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0;
    };
    const unsigned group = byte_at(i) << 16 | byte_at(i + 1) << 8 | byte_at(i + 2);
    out->push_back(kDigits[group >> 18]);
    out->push_back(kDigits[group >> 12 & 63]);
    out->push_back(i + 1 < bytes.size() ? kDigits[group >> 6 & 63] : '=');
    out->push_back(i + 2 < bytes.size() ? kDigits[group & 63] : '=');
  }
}

template <class Span, class Append>
void append_joined(const Span& parts, char open, char close, std::string* out, Append append) {
  out->push_back(open);
  bool first = true;
  for (const auto& part : parts) {
    if (!first) out->append(", ");
    first = false;
    append(part);
  }
  out->push_back(close);
}

void append_value(const Value& value, std::string* out) {
  out->append("{").append(type_name(value.type())).append(":");
  switch (value.type()) {
    case Type::kString: out->append(value.bytes()); break;
    case Type::kBinary: append_base64(value.bytes(), out); break;
    case Type::kNumber: value.number().append_text(out); break;
    case Type::kBool: out->append(value.boolean() ? "true" : "false"); break;
    case Type::kNull: out->append("true"); break;
    case Type::kStringSet:
      append_joined(value.byte_members(), '[', ']', out, [&](std::string_view member) { out->append(member); });
      break;
    case Type::kBinarySet:
      append_joined(value.byte_members(), '[', ']', out, [&](BytesView member) { append_base64(member, out); });
      break;
    case Type::kNumberSet:
      append_joined(value.number_members(), '[', ']', out, [&](const Number& member) { member.append_text(out); });
      break;
    case Type::kList:
      append_joined(value.elements(), '[', ']', out, [&](const Value& element) { append_value(element, out); });
      break;
    case Type::kMap:
      append_joined(value.entries(), '{', '}', out, [&](const Attribute& entry) {
        out->append(entry.name).append("=");
        append_value(entry.value, out);
      });
      break;
  }
  out->append("}");
}

}  // namespace

std::string describe(const Value& value) {
  std::string text = "AttributeValue: ";
  append_value(value, &text);
  return text;
}

}  // namespace armature::expression
