#include "auth/sigv4/canonical_request.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/byte_tail.h"

namespace armature::auth::sigv4 {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view uri_decode(std::string_view text, Arena* arena) {
  if (text.find('%') == std::string_view::npos) return text;
  char* const begin = static_cast<char*>(arena->allocate(text.size(), 1));
  char* out = begin;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      *out++ = text[i];
    } else {
      *out++ = static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  return {begin, static_cast<std::size_t>(out - begin)};
}

// The path without empty, "." and ".." segments, each segment encoded once more than it was sent, which is the rule for
// every service but S3. Source: IAM User Guide, "Create a signed AWS API request", step 1.
void append_canonical_path(std::string_view path, Bytes* out) {
  if (path.empty() || path == "/") {
    out->push_back('/');
    return;
  }
  std::vector<std::string_view> segments;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
    begin = end + 1;
  }
  for (const std::string_view segment : segments) {
    out->push_back('/');
    append_uri_encoded(segment, out);
  }
  if (segments.empty() || path.ends_with('/')) out->push_back('/');
}

void append_canonical_query(std::span<const QueryParameter> query, Bytes* out) {
  if (query.empty()) return;
  // Sorted as encoded: "%" comes before every letter, whatever it stands for.
  std::vector<std::pair<Bytes, Bytes>> encoded(query.size());
  for (std::size_t i = 0; i < query.size(); ++i) {
    append_uri_encoded(query[i].name, &encoded[i].first);
    append_uri_encoded(query[i].value, &encoded[i].second);
  }
  std::sort(encoded.begin(), encoded.end());
  bool first = true;
  for (const auto& [name, value] : encoded) {
    if (!std::exchange(first, false)) out->push_back('&');
    out->append(name).append("=").append(value);
  }
}

// Without surrounding blanks, and with every run of blanks inside as one space.
void append_canonical_value(std::string_view value, ByteTail* out) {
  while (!value.empty() && is_blank(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
  if (value.find(' ') == std::string_view::npos && value.find('\t') == std::string_view::npos) {
    return out->append(value);
  }
  out->ensure(value.size());
  char* at = out->cursor();
  bool after_blank = false;
  for (const char c : value) {
    const bool blank = is_blank(c);
    if (!blank || !after_blank) *at++ = blank ? ' ' : c;
    after_blank = blank;
  }
  out->advance_to(at);
}

// "name:value" lines, and behind a blank one the names.
void append_canonical_headers(std::span<const Header> headers, std::span<const std::string_view> names, ByteTail* out) {
  for (const std::string_view name : names) {
    out->append(name);
    out->byte(':');
    bool first = true;
    for (const Header& header : headers) {
      if (!equals_ignoring_case(header.name, name)) continue;
      if (!std::exchange(first, false)) out->byte(',');
      append_canonical_value(header.value, out);
    }
    out->byte('\n');
  }
  out->byte('\n');
  bool first = true;
  for (const std::string_view name : names) {
    if (!std::exchange(first, false)) out->byte(';');
    out->append(name);
  }
  out->byte('\n');
}

}  // namespace

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

std::span<const QueryParameter> decode_query(std::string_view query, Arena* arena) {
  if (query.empty()) return {};
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::string_view name = pair.substr(0, pair.find('='));
    const std::string_view value = pair.substr(std::min(pair.size(), name.size() + 1));
    parameters.push_back({uri_decode(name, arena), uri_decode(value, arena)});
  }
  return arena->copy_array(parameters);
}

void append_uri_encoded(std::string_view text, Bytes* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c)) {
      out->push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      const char escape[3] = {'%', kHex[byte >> 4], kHex[byte & 15]};
      out->append(escape, sizeof escape);
    }
  }
}

std::span<const std::string_view> canonical_header_names(std::string_view signed_headers, Arena* arena) {
  char* const lower = static_cast<char*>(arena->allocate(signed_headers.size(), 1));
  std::transform(signed_headers.begin(), signed_headers.end(), lower, to_lower);
  std::string_view rest(lower, signed_headers.size());
  const auto count = static_cast<std::size_t>(std::count(rest.begin(), rest.end(), ';')) + 1;
  const std::span<std::string_view> names(arena->allocate_array<std::string_view>(count), count);
  for (std::string_view& name : names) {
    name = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
  }
  if (!std::is_sorted(names.begin(), names.end())) std::sort(names.begin(), names.end());
  return names;
}

void append_canonical_request(const SignedRequest& request, std::span<const QueryParameter> query,
                              std::span<const std::string_view> header_names, Bytes* out) {
  out->append(request.method);
  out->push_back('\n');
  append_canonical_path(path_of(request.target), out);
  out->push_back('\n');
  append_canonical_query(query, out);
  out->push_back('\n');
  constexpr std::size_t kUsualBytes = 512;
  {
    ByteTail tail(out, kUsualBytes);
    append_canonical_headers(request.headers, header_names, &tail);
  }
  append_hex(sha256(request.body), out);
}

void append_scope(const Scope& scope, Bytes* out) {
  out->append(scope.date)
      .append("/")
      .append(scope.region)
      .append("/")
      .append(scope.service)
      .append("/")
      .append(kTerminator);
}

void append_string_to_sign(std::string_view timestamp, const Scope& scope, BytesView canonical_request, Bytes* out) {
  out->append(kAlgorithm).append("\n").append(timestamp).append("\n");
  append_scope(scope, out);
  out->push_back('\n');
  append_hex(sha256(canonical_request), out);
}

}  // namespace armature::auth::sigv4
