#include "wire/query_protocol.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/assert.h"

namespace armature::wire {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Decodes "%41+b" to "A b"; nullopt when an escape is broken.
std::optional<std::string_view> form_decode(std::string_view text, Arena* arena) {
  char* const begin = static_cast<char*>(arena->allocate(text.size(), 1));
  char* out = begin;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      *out++ = text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    *out++ = static_cast<char>(high << 4 | low);
    i += 2;
  }
  return std::string_view(begin, static_cast<std::size_t>(out - begin));
}

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::optional<std::string_view> QueryParameters::find(std::string_view name) const {
  for (const QueryParameter& parameter : parameters_) {
    if (parameter.name == name) return parameter.value;
  }
  return std::nullopt;
}

std::vector<std::vector<QueryParameter>> QueryParameters::members(std::string_view list) const {
  constexpr std::string_view kMember = ".member.";
  std::map<std::uint32_t, std::vector<QueryParameter>> by_number;
  for (const QueryParameter& parameter : parameters_) {
    std::string_view rest = parameter.name;
    if (!rest.starts_with(list)) continue;
    rest.remove_prefix(list.size());
    if (!rest.starts_with(kMember)) continue;
    rest.remove_prefix(kMember.size());
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc()) continue;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (!rest.empty() && rest.front() != '.') continue;
    if (!rest.empty()) rest.remove_prefix(1);
    by_number[number].push_back({rest, parameter.value});
  }
  std::vector<std::vector<QueryParameter>> elements;
  for (auto& [number, parameters] : by_number) elements.push_back(std::move(parameters));
  return elements;
}

Result<QueryParameters> parse_query(std::string_view form, Arena* arena) {
  const auto malformed = [] { return fail(ErrorCode::kSerialization, ""); };
  std::vector<QueryParameter> parameters;
  while (!form.empty()) {
    const std::string_view pair = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(form.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::string_view raw_name = pair.substr(0, pair.find('='));
    const std::string_view raw_value = pair.substr(std::min(pair.size(), raw_name.size() + 1));
    const auto name = form_decode(raw_name, arena);
    const auto value = form_decode(raw_value, arena);
    if (!name || !value) return malformed();
    if (!simdjson::validate_utf8(name->data(), name->size()) ||
        !simdjson::validate_utf8(value->data(), value->size())) {
      return malformed();
    }
    parameters.push_back({*name, *value});
  }
  return QueryParameters(arena->copy_array(parameters));
}

void append_percent_encoded(std::string_view text, Bytes* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c)) {
      out->push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      const char escape[3] = {'%', kHex[byte >> 4], kHex[byte & 15]};
      out->append(escape, 3);
    }
  }
}

void XmlWriter::open(std::string_view name, std::string_view xml_namespace) {
  out_->append("<").append(name);
  if (!xml_namespace.empty()) {
    out_->append(" xmlns=\"");
    text(xml_namespace);
    out_->append("\"");
  }
  out_->append(">");
  open_.push_back(name);
}

void XmlWriter::close() {
  ARMATURE_ASSERT(!open_.empty());
  out_->append("</").append(open_.back()).append(">");
  open_.pop_back();
}

void XmlWriter::element(std::string_view name, std::string_view text) {
  open(name);
  this->text(text);
  close();
}

void XmlWriter::element(std::string_view name, std::int64_t value) { element(name, std::to_string(value)); }

void XmlWriter::text(std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out_->append("&amp;"); break;
      case '<': out_->append("&lt;"); break;
      case '>': out_->append("&gt;"); break;
      case '"': out_->append("&quot;"); break;
      case '\r': out_->append("&#13;"); break;  // A bare one would be read back as a line feed.
      default:
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') {
          out_->append("\xef\xbf\xbd");
        } else {
          out_->push_back(c);
        }
    }
  }
}

}  // namespace armature::wire
