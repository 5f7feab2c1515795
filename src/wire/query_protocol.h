// The query protocol of IAM and STS: a form of name=value pairs comes in, XML goes out.
// Source: IAM API Reference, "Making query requests"; STS API Reference, "Common Parameters".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/bytes.h"
#include "model/error.h"

namespace armature::wire {

struct QueryParameter {
  std::string_view name;
  std::string_view value;
};

// The parameters of a request, decoded, in the order sent. Trivially copyable; the texts live in the arena they were
// parsed into.
class QueryParameters {
 public:
  QueryParameters() = default;
  explicit QueryParameters(std::span<const QueryParameter> parameters) : parameters_(parameters) {}

  std::span<const QueryParameter> all() const { return parameters_; }
  // The first of that name; nullopt when absent. An empty value is a value.
  std::optional<std::string_view> find(std::string_view name) const;

  // "Tags.member.1.Key=a&Tags.member.2.Key=b" is a list of structures, "PolicyArns.member.1=x" one of scalars. These
  // are its elements in the order of their numbers, which may have gaps: members("Tags") holds {Key: a} and {Key: b};
  // an element's parameters are named by what follows its number and dot, of a scalar by nothing. Not a number: not an
  // element.
  std::vector<std::vector<QueryParameter>> members(std::string_view list) const;

 private:
  std::span<const QueryParameter> parameters_;
};

// Parses application/x-www-form-urlencoded text, from a body or a query string. Fails (kSerialization, empty message)
// on a broken percent escape or on text that is not UTF-8 once decoded.
Result<QueryParameters> parse_query(std::string_view form, Arena* arena);

// Appends `text` with everything but A-Z a-z 0-9 - . _ ~ as %XX. Source: RFC 3986, section 2.3.
void append_percent_encoded(std::string_view text, Bytes* out);
inline Bytes percent_encode(std::string_view text) {
  Bytes out;
  append_percent_encoded(text, &out);
  return out;
}

// Appends XML to a buffer. The caller keeps the grammar; the writer closes what was opened and escapes.
class XmlWriter {
 public:
  explicit XmlWriter(Bytes* out) : out_(out) {}
  // `name` must outlive the element. `xml_namespace`, when given, becomes the xmlns attribute.
  void open(std::string_view name, std::string_view xml_namespace = {});
  void close();
  // <name>text</name>. Characters that XML 1.0 cannot carry become U+FFFD.
  void element(std::string_view name, std::string_view text);
  void element(std::string_view name, std::int64_t value);
  void element_bool(std::string_view name, bool value) { element(name, value ? "true" : "false"); }
  void text(std::string_view text);

 private:
  Bytes* out_;
  std::vector<std::string_view> open_;
};

}  // namespace armature::wire
