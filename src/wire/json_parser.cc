// Two stages. simdjson's first stage finds where every token begins, checks UTF-8 and closes strings, with the
// instructions this CPU has (chosen at run time; its On-Demand front is compiled for the build's baseline and would
// unescape byte by byte). The second is ours: it walks the tokens once, checks the grammar and builds the tree in the
// arena. Strings without an escape are views into the arena's copy of the body; the others are unescaped inside it,
// since they only shrink.
#include <simdjson.h>

#include <cstring>
#include <memory>
#include <vector>

#include "wire/json.h"

namespace armature::wire {
namespace {

// Beyond this a body's buffers are given back after use, so that one giant does not stay with its thread.
constexpr std::size_t kRetainedBodyBytes = 512 * 1024;

// simdjson's first stage with its buffers.
class Tokenizer {
 public:
  // Where the tokens of text[0, size) begin, in order; empty when the text is malformed. simdjson::SIMDJSON_PADDING
  // bytes behind the text must be readable. Valid until the next call.
  std::span<const std::uint32_t> token_starts(const char* text, std::size_t size) {
    if (!ensure_capacity(size)) return {};
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text);
    if (stage_->stage1(bytes, size, simdjson::stage1_mode::regular) != simdjson::SUCCESS) return {};
    return {stage_->structural_indexes.get(), stage_->n_structural_indexes};
  }

  void release_if_large() {
    if (stage_ != nullptr && stage_->capacity() > kRetainedBodyBytes) stage_.reset();
  }

 private:
  bool ensure_capacity(std::size_t size) {
    constexpr std::size_t kSmallest = 4096;
    constexpr std::size_t kUnusedDepth = 1;  // Of simdjson's second stage.
    const std::size_t wanted = size < kSmallest ? kSmallest : size;
    if (stage_ != nullptr && stage_->capacity() >= wanted) return true;
    if (stage_ != nullptr) return stage_->set_capacity(wanted) == simdjson::SUCCESS;
    return simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, kUnusedDepth, stage_) ==
           simdjson::SUCCESS;
  }

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
};

// Children of the containers still open, innermost last.
struct OpenChildren {
  std::vector<Json> elements;
  std::vector<JsonMember> members;

  void release_if_large() {
    if (elements.capacity() * sizeof(Json) > kRetainedBodyBytes) std::vector<Json>().swap(elements);
    if (members.capacity() * sizeof(JsonMember) > kRetainedBodyBytes) std::vector<JsonMember>().swap(members);
  }
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Source: RFC 8259, section 6.
bool is_number(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto digits = [&] {
    const char* const first = at;
    while (at != end && is_digit(*at)) ++at;
    return at != first;
  };
  if (at != end && *at == '-') ++at;
  const bool leading_zero = at != end && *at == '0';
  const char* const integer = at;
  if (!digits() || (leading_zero && at - integer > 1)) return false;
  if (at != end && *at == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (!digits()) return false;
  }
  return at == end;
}

// The code unit of four hexadecimal digits; -1 when they are not.
int read_hex4(const char* at, const char* end) {
  if (end - at < 4) return -1;
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const int digit = is_digit(c)            ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

char* write_utf8(std::uint32_t code_point, char* out) {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0 | code_point >> 6), put(0x80 | (code_point & 63));
  } else if (code_point < 0x10000) {
    put(0xe0 | code_point >> 12), put(0x80 | (code_point >> 6 & 63)), put(0x80 | (code_point & 63));
  } else {
    put(0xf0 | code_point >> 18), put(0x80 | (code_point >> 12 & 63));
    put(0x80 | (code_point >> 6 & 63)), put(0x80 | (code_point & 63));
  }
  return out;
}

// Reads the digits behind a "\u" at *from, with those of the second half of a pair; false when they are no character.
bool read_unicode_escape(const char** from, const char* end, std::uint32_t* code_point) {
  const int first = read_hex4(*from, end);
  if (first < 0) return false;
  *from += 4;
  *code_point = static_cast<std::uint32_t>(first);
  if (first < 0xd800 || first > 0xdfff) return true;
  if (first > 0xdbff || end - *from < 6 || (*from)[0] != '\\' || (*from)[1] != 'u') return false;
  const int second = read_hex4(*from + 2, end);
  if (second < 0xdc00 || second > 0xdfff) return false;
  *from += 6;
  *code_point = 0x10000 + ((*code_point - 0xd800) << 10) + (static_cast<std::uint32_t>(second) - 0xdc00);
  return true;
}

// Resolves the escapes of [begin, end) in place and returns the new end, which is never later; nullptr when one is
// malformed. `first_escape` is the first backslash.
char* unescape(char* first_escape, const char* end) {
  const char* from = first_escape;
  char* to = first_escape;
  while (from != end) {
    if (*from != '\\') {
      *to++ = *from++;
      continue;
    }
    if (++from == end) return nullptr;
    switch (*from++) {
      case '"': *to++ = '"'; break;
      case '\\': *to++ = '\\'; break;
      case '/': *to++ = '/'; break;
      case 'b': *to++ = '\b'; break;
      case 'f': *to++ = '\f'; break;
      case 'n': *to++ = '\n'; break;
      case 'r': *to++ = '\r'; break;
      case 't': *to++ = '\t'; break;
      case 'u': {
        std::uint32_t code_point = 0;
        if (!read_unicode_escape(&from, end, &code_point)) return nullptr;
        to = write_utf8(code_point, to);
        break;
      }
      default: return nullptr;
    }
  }
  return to;
}

// Walks the tokens of one document. Every function returns whether the text so far is JSON.
class TreeBuilder {
 public:
  TreeBuilder(char* text, std::size_t size, std::span<const std::uint32_t> starts, OpenChildren* open, Arena* arena)
      : text_(text),
        size_(size),
        next_(starts.data()),
        end_(starts.data() + starts.size()),
        open_(*open),
        arena_(arena) {}

  bool document(Json* root) { return value(root, 0) && next_ == end_; }

 private:
  // The first character of the next token; NUL, which begins no token of JSON, when there is none.
  char peek() const { return next_ == end_ ? '\0' : text_[*next_]; }
  char take() { return next_ == end_ ? '\0' : text_[*next_++]; }

  // The whole next token. It ends where blanks or the next token begin.
  std::span<char> take_token() {
    char* const begin = text_ + *next_++;
    char* end = text_ + (next_ == end_ ? size_ : *next_);
    while (end != begin && is_blank(end[-1])) --end;
    return {begin, end};
  }

  bool value(Json* out, int depth) {
    switch (peek()) {
      case '\0': return false;
      case '"': out->kind = Json::Kind::kString; return string(&out->text);
      case '{': return depth < kMaxJsonDepth && object(out, depth + 1);
      case '[': return depth < kMaxJsonDepth && array(out, depth + 1);
      default: return word(out);
    }
  }

  bool string(std::string_view* out) {
    if (peek() != '"') return false;
    const std::span<char> token = take_token();
    if (token.size() < 2 || token.back() != '"') return false;
    char* const begin = token.data() + 1;
    char* end = token.data() + token.size() - 1;
    if (void* escape = std::memchr(begin, '\\', static_cast<std::size_t>(end - begin))) {
      end = unescape(static_cast<char*>(escape), end);
      if (end == nullptr) return false;
    }
    *out = {begin, static_cast<std::size_t>(end - begin)};
    return true;
  }

  bool word(Json* out) {
    const std::span<char> token = take_token();
    const std::string_view text(token.data(), token.size());
    if (text == "null") return true;
    if (text == "true" || text == "false") {
      out->kind = Json::Kind::kBool;
      out->boolean = text == "true";
      return true;
    }
    out->kind = Json::Kind::kNumber;
    out->text = text;
    return is_number(text);
  }

  bool object(Json* out, int depth) {
    ++next_;
    const std::size_t first = open_.members.size();
    if (peek() == '}') {
      ++next_;
    } else {
      char separator;
      do {
        JsonMember member;
        if (!string(&member.name) || take() != ':' || !value(&member.value, depth)) return false;
        open_.members.push_back(member);
        separator = take();
      } while (separator == ',');
      if (separator != '}') return false;
    }
    out->kind = Json::Kind::kObject;
    out->members = close(&open_.members, first);
    return true;
  }

  bool array(Json* out, int depth) {
    ++next_;
    const std::size_t first = open_.elements.size();
    if (peek() == ']') {
      ++next_;
    } else {
      char separator;
      do {
        Json element;
        if (!value(&element, depth)) return false;
        open_.elements.push_back(element);
        separator = take();
      } while (separator == ',');
      if (separator != ']') return false;
    }
    out->kind = Json::Kind::kArray;
    out->elements = close(&open_.elements, first);
    return true;
  }

  // Moves the children from `first` on into the arena.
  template <class Child>
  std::span<const Child> close(std::vector<Child>* open, std::size_t first) {
    const auto children = arena_->copy_array(std::span<const Child>(*open).subspan(first));
    open->resize(first);
    return children;
  }

  char* const text_;
  const std::size_t size_;
  const std::uint32_t* next_;
  const std::uint32_t* const end_;
  OpenChildren& open_;
  Arena* const arena_;
};

}  // namespace

const Json* Json::find(std::string_view name) const {
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    if (member->name == name) return member->value.is(Kind::kNull) ? nullptr : &member->value;
  }
  return nullptr;
}

Result<const Json*> parse_json(BytesView body, Arena* arena) {
  thread_local Tokenizer tokenizer;
  thread_local OpenChildren open;

  char* const text = static_cast<char*>(arena->allocate(body.size() + simdjson::SIMDJSON_PADDING, 1));
  if (!body.empty()) std::memcpy(text, body.data(), body.size());
  std::memset(text + body.size(), ' ', simdjson::SIMDJSON_PADDING);

  open.elements.clear();
  open.members.clear();
  Json* const root = arena->create<Json>();
  TreeBuilder builder(text, body.size(), tokenizer.token_starts(text, body.size()), &open, arena);
  const bool well_formed = builder.document(root);
  tokenizer.release_if_large();
  open.release_if_large();
  if (!well_formed) return fail(ErrorCode::kSerialization, "");
  return root;
}

}  // namespace armature::wire
