#include "auth/iam/pattern.h"

#include <algorithm>

#include "auth/iam/text.h"

namespace armature::auth::iam {
namespace {

// Wildcards in encoded patterns: characters below U+0020, which policies may not contain.
constexpr char kStar = '\x01';
constexpr char kOne = '\x02';

bool has_wildcard_bytes(std::string_view text) {
  return text.find(kStar) != std::string_view::npos || text.find(kOne) != std::string_view::npos;
}

// Bytes of the character `text` begins with; broken UTF-8 counts byte by byte.
std::size_t character_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (size > text.size()) return 1;
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 1;
  }
  return size;
}

// `pattern` with the given bytes as wildcards. After a mismatch only the last star is tried again, one character
// further: an earlier one cannot do better.
template <bool kIgnoreCase = false>
bool matches_encoded(std::string_view pattern, std::string_view text, char star, char one) {
  std::size_t p = 0, t = 0;
  std::size_t after_star = std::string_view::npos, retry_from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == star) {
      after_star = ++p;
      retry_from = t;
    } else if (p < pattern.size() && pattern[p] == one) {
      ++p;
      t += character_size(text.substr(t));
    } else if (p < pattern.size() &&
               (pattern[p] == text[t] || (kIgnoreCase && lower_case(pattern[p]) == lower_case(text[t])))) {
      ++p;
      ++t;
    } else if (after_star != std::string_view::npos) {
      p = after_star;
      retry_from += character_size(text.substr(retry_from));
      t = retry_from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == star) ++p;
  return p == pattern.size();
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower_case(x) == lower_case(y); });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the part before the next colon off `*rest`; all of it when there is none or `last`.
std::string_view take_part(std::string_view* rest, bool last) {
  const std::size_t colon = last ? std::string_view::npos : rest->find(':');
  const std::string_view part = rest->substr(0, colon);
  rest->remove_prefix(colon == std::string_view::npos ? rest->size() : colon + 1);
  return part;
}

constexpr int kArnParts = 6;

bool matches_arn_parts(std::string_view pattern, std::string_view arn) {
  for (int part = 1; part <= kArnParts; ++part) {
    // A pattern with fewer parts ends with one that takes the rest.
    const bool last = part == kArnParts || pattern.find(':') == std::string_view::npos;
    if (!matches_encoded(take_part(&pattern, last), take_part(&arn, last), kStar, kOne)) return false;
    if (last) return true;
  }
  return false;
}

// Where the first wildcard stands relative to the fifth colon.
bool is_plain_head(std::string_view encoded) {
  int colons = 0;
  for (const char c : encoded) {
    if (c == ':' && ++colons == kArnParts - 1) return true;
    if (c == kStar || c == kOne) return false;
  }
  return false;
}

}  // namespace

bool matches_wildcards(std::string_view pattern, std::string_view text) {
  return matches_encoded(pattern, text, '*', '?');
}

std::optional<Pattern> Pattern::parse(std::string_view text, Syntax syntax) {
  Pattern pattern;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (syntax.variables && c == '$' && i + 1 < text.size() && text[i + 1] == '{') {
      const std::size_t end = text.find('}', i + 2);
      if (end == std::string_view::npos) return std::nullopt;
      const std::string_view inside = text.substr(i + 2, end - i - 2);
      if (inside == "*" || inside == "?" || inside == "$") {
        pattern.encoded_ += inside;
      } else if (!pattern.add_variable(inside)) {
        return std::nullopt;
      }
      i = end;
    } else if (syntax.wildcards && c == '*') {
      pattern.encoded_ += kStar;
    } else if (syntax.wildcards && c == '?') {
      pattern.encoded_ += kOne;
    } else if (c == kStar || c == kOne) {
      return std::nullopt;
    } else {
      pattern.encoded_ += c;
    }
  }
  pattern.classify();
  return pattern;
}

// "aws:username" or "aws:username, 'nobody'".
bool Pattern::add_variable(std::string_view inside) {
  const std::size_t comma = inside.find(',');
  const std::string_view name = trim(inside.substr(0, comma));
  const bool good_name = !name.empty() && name.find(':') != std::string_view::npos &&
                         name.find_first_of("${}'\" ") == std::string_view::npos;
  if (!good_name) return false;
  Variable variable{encoded_.size(), make_condition_key(name), std::nullopt};
  if (comma != std::string_view::npos) {
    const std::string_view quoted = trim(inside.substr(comma + 1));
    if (quoted.size() < 2 || quoted.front() != '\'' || quoted.back() != '\'') return false;
    variable.otherwise = std::string(quoted.substr(1, quoted.size() - 2));
    if (has_wildcard_bytes(*variable.otherwise)) return false;
  }
  variables_.push_back(std::move(variable));
  return true;
}

void Pattern::classify() {
  plain_head_ = is_plain_head(encoded_);
  const std::size_t wildcard = std::min(encoded_.find(kStar), encoded_.find(kOne));
  if (!variables_.empty() || (wildcard != std::string::npos && wildcard + 1 != encoded_.size())) {
    kind_ = Kind::kWildcards;
  } else if (wildcard == std::string::npos) {
    kind_ = Kind::kExact;
  } else if (encoded_.back() == kOne) {
    kind_ = Kind::kWildcards;
  } else {
    kind_ = encoded_.size() == 1 ? Kind::kAny : Kind::kPrefix;
  }
}

std::optional<std::string_view> Pattern::resolve(const ConditionContext& context, std::string* buffer) const {
  if (variables_.empty()) return encoded_;
  std::size_t copied = 0;
  for (const Variable& variable : variables_) {
    buffer->append(encoded_, copied, variable.position - copied);
    copied = variable.position;
    const KeyValues values = context.find(variable.key);
    if (values.state == KeyValues::State::kPresent && !values.several && values.values.size() == 1) {
      if (has_wildcard_bytes(values.values.front())) return std::nullopt;
      buffer->append(values.values.front());
    } else if (values.absent() && variable.otherwise) {
      buffer->append(*variable.otherwise);
    } else {
      return std::nullopt;
    }
  }
  buffer->append(encoded_, copied);
  return *buffer;
}

Pattern::Match Pattern::matches(std::string_view text, const ConditionContext& context, bool ignore_case) const {
  std::string buffer;
  const auto pattern = resolve(context, &buffer);
  if (!pattern) return Match::kUnresolved;
  bool yes = false;
  if (ignore_case) {
    yes = kind_ == Kind::kExact ? equal_ignoring_case(*pattern, text)
                                : matches_encoded<true>(*pattern, text, kStar, kOne);
  } else {
    switch (kind_) {
      case Kind::kExact: yes = *pattern == text; break;
      case Kind::kAny: yes = true; break;
      case Kind::kPrefix: yes = text.starts_with(pattern->substr(0, pattern->size() - 1)); break;
      case Kind::kWildcards: yes = matches_encoded(*pattern, text, kStar, kOne); break;
    }
  }
  return yes ? Match::kYes : Match::kNo;
}

Pattern::Match Pattern::matches_arn(std::string_view arn, const ConditionContext& context) const {
  if (kind_ == Kind::kAny) return Match::kYes;
  if (plain_head_ && variables_.empty()) return matches(arn, context);
  std::string buffer;
  const auto pattern = resolve(context, &buffer);
  if (!pattern) return Match::kUnresolved;
  return matches_arn_parts(*pattern, arn) ? Match::kYes : Match::kNo;
}

}  // namespace armature::auth::iam
