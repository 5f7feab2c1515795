#include <charconv>
#include <cmath>

#include "wire/json.h"
#include "wire/json_escape.h"

namespace armature::wire {

void JsonWriter::key(std::string_view name) {
  separate();
  ByteTail tail(out_, name.size() + kPlainCopySlack + kMaxJsonEscapeBytes + 2);
  append_json_string(name, &tail);
  tail.byte(':');
  comma_ = false;
}

void JsonWriter::string(std::string_view text) {
  separate();
  ByteTail tail(out_, text.size() + kPlainCopySlack + kMaxJsonEscapeBytes + 1);
  append_json_string(text, &tail);
}

void JsonWriter::integer(std::int64_t value) {
  separate();
  char text[20];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out_->append(text, static_cast<std::size_t>(end - text));
}

void JsonWriter::real(double value) {
  if (!std::isfinite(value)) return null();  // JSON has no word for it.
  separate();
  // Times and capacities read best without an exponent; the extremes would be hundreds of digits.
  const double magnitude = std::fabs(value);
  const bool plain = magnitude == 0 || (magnitude >= 1e-5 && magnitude < 1e17);
  char text[32];
  const auto end =
      std::to_chars(text, text + sizeof text, value, plain ? std::chars_format::fixed : std::chars_format::scientific)
          .ptr;
  const std::string_view digits(text, static_cast<std::size_t>(end - text));
  out_->append(digits);
  if (plain && digits.find('.') == std::string_view::npos) out_->append(".0");
}

void JsonWriter::boolean(bool value) { raw(value ? "true" : "false"); }

void JsonWriter::null() { raw("null"); }

void JsonWriter::base64(BytesView bytes) {
  separate();
  out_->push_back('"');
  append_base64(bytes, out_);
  out_->push_back('"');
}

void JsonWriter::raw(std::string_view json) {
  separate();
  out_->append(json);
}

}  // namespace armature::wire
