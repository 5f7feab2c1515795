#include "console/session.h"

#include <algorithm>

#include "base/arena.h"
#include "base/random.h"
#include "wire/base64.h"

namespace armature::console {
namespace {

constexpr std::size_t kIdBytes = 16;
constexpr char kVersion = 1;

// What is sealed for a cookie is no session token of STS.
constexpr std::string_view kContext = "console session";

Bytes token() {
  Bytes text;
  wire::append_base64(secure_random_bytes(24), &text);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

// The plain content: version, then texts behind their lengths, then the times.
Bytes encode(const Session& session) {
  Bytes out(1, kVersion);
  for (const std::string& text : {session.id, session.access_key_id, session.session_token, session.csrf_token}) {
    append_varint(&out, text.size());
    out += text;
  }
  append_varint(&out, static_cast<std::uint64_t>(session.begun_at_s));
  append_varint(&out, static_cast<std::uint64_t>(session.used_at_s));
  return out;
}

std::optional<Session> decode(BytesView plain) {
  if (plain.empty() || plain.front() != kVersion) return std::nullopt;
  const char* cursor = plain.data() + 1;
  const char* const end = plain.data() + plain.size();
  Session session;
  std::uint64_t number = 0;
  for (std::string* text : {&session.id, &session.access_key_id, &session.session_token, &session.csrf_token}) {
    if (!read_varint(&cursor, end, &number) || number > static_cast<std::uint64_t>(end - cursor)) return std::nullopt;
    text->assign(cursor, static_cast<std::size_t>(number));
    cursor += number;
  }
  for (std::int64_t* time : {&session.begun_at_s, &session.used_at_s}) {
    if (!read_varint(&cursor, end, &number)) return std::nullopt;
    *time = static_cast<std::int64_t>(number);
  }
  if (cursor != end) return std::nullopt;
  return session;
}

std::string cookie_attributes(bool secure) {
  return std::string("; Path=/console; HttpOnly; SameSite=Strict") + (secure ? "; Secure" : "") + "\r\n";
}

}  // namespace

std::int64_t expires_at_s(const Session& session, const SessionLimits& limits) {
  return std::min(session.begun_at_s + limits.longest_s, session.used_at_s + limits.idle_s);
}

Session begin_session(std::string access_key_id, std::string session_token, std::int64_t now_s) {
  return {.id = secure_random_bytes(kIdBytes),
          .access_key_id = std::move(access_key_id),
          .session_token = std::move(session_token),
          .csrf_token = token(),
          .begun_at_s = now_s,
          .used_at_s = now_s};
}

std::string SessionSeal::seal(const Session& session) const {
  std::string text;
  wire::append_base64(keys_->seal(auth::SealPurpose::kSessionToken, encode(session), kContext), &text);
  return text;
}

std::optional<Session> SessionSeal::open(std::string_view cookie) const {
  Arena arena;
  const auto sealed = wire::decode_base64(cookie, &arena);
  if (!sealed) return std::nullopt;
  const auto plain = keys_->open(auth::SealPurpose::kSessionToken, *sealed, kContext);
  if (!plain) return std::nullopt;
  return decode(*plain);
}

std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t semicolon = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, semicolon);
    header.remove_prefix(std::min(semicolon + 1, header.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

std::string set_cookie_header(std::string_view value, std::int64_t lifetime_s, bool secure) {
  return "Set-Cookie: " + std::string(kSessionCookie) + "=" + std::string(value) +
         "; Max-Age=" + std::to_string(lifetime_s) + cookie_attributes(secure);
}

std::string remove_cookie_header(bool secure) { return set_cookie_header("", 0, secure); }

}  // namespace armature::console
