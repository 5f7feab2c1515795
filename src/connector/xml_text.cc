#include "connector/xml_text.h"

#include <charconv>
#include <cstdint>
#include <utility>

namespace armature::connector {
namespace {

void append_utf8(std::uint32_t code, std::string* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xc0 | code >> 6));
    out->push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xe0 | code >> 12));
    out->push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else {
    out->push_back(static_cast<char>(0xf0 | code >> 18));
    out->push_back(static_cast<char>(0x80 | (code >> 12 & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3f)));
  }
}

// `name` is what stands between '&' and ';'. False: it is no entity of XML.
bool append_entity(std::string_view name, std::string* out) {
  constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [entity, character] : kNamed) {
    if (entity == name) return out->push_back(character), true;
  }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const bool hex = name.starts_with('x');
  if (hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  if (error != std::errc() || end != name.data() + name.size() || code > 0x10ffff) return false;
  append_utf8(code, out);
  return true;
}

std::string unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t ampersand = text.find('&');
    out.append(text.substr(0, ampersand));
    if (ampersand == std::string_view::npos) break;
    text.remove_prefix(ampersand);
    const std::size_t semicolon = text.find(';');
    if (semicolon != std::string_view::npos && append_entity(text.substr(1, semicolon - 1), &out)) {
      text.remove_prefix(semicolon + 1);
    } else {
      out.push_back('&');
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> xml_text(std::string_view xml, std::string_view element) {
  std::size_t at = 0;
  while ((at = xml.find('<', at)) != std::string_view::npos) {
    ++at;
    if (!xml.substr(at).starts_with(element)) continue;
    const std::string_view rest = xml.substr(at + element.size());
    if (rest.empty() || std::string_view("> \t\r\n/").find(rest.front()) == std::string_view::npos) continue;
    const std::size_t close = rest.find('>');
    if (close == std::string_view::npos) return std::nullopt;
    if (close > 0 && rest[close - 1] == '/') return "";
    const std::string end = "</" + std::string(element) + ">";
    const std::size_t finish = rest.find(end, close);
    if (finish == std::string_view::npos) return std::nullopt;
    return unescape(rest.substr(close + 1, finish - close - 1));
  }
  return std::nullopt;
}

namespace {

// What stands between <element> at the first place it occurs and the </element> that belongs to it; `*end` is behind
// that. nullopt: there is no such element, or it does not end.
std::optional<std::string_view> balanced_content(std::string_view xml, std::string_view element, std::size_t* end) {
  const std::string open = "<" + std::string(element) + ">";
  const std::string close = "</" + std::string(element) + ">";
  const std::string empty = "<" + std::string(element) + "/>";
  const std::size_t begin = xml.find(open);
  if (const std::size_t none = xml.find(empty); none < begin) {
    *end = none + empty.size();
    return std::string_view();
  }
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t content = begin + open.size();
  std::size_t at = content;
  for (int depth = 1; depth > 0;) {
    const std::size_t next_close = xml.find(close, at);
    if (next_close == std::string_view::npos) return std::nullopt;
    const std::size_t next_open = xml.find(open, at);
    if (next_open < next_close) {
      ++depth;
      at = next_open + open.size();
      continue;
    }
    --depth;
    at = next_close + close.size();
    if (depth == 0) {
      *end = at;
      return xml.substr(content, next_close - content);
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> xml_members(std::string_view xml, std::string_view list) {
  std::vector<std::string> members;
  std::size_t end = 0;
  auto rest = balanced_content(xml, list, &end);
  while (rest) {
    const auto member = balanced_content(*rest, "member", &end);
    if (!member) break;
    members.emplace_back(*member);
    rest->remove_prefix(end);
  }
  return members;
}

}  // namespace armature::connector
