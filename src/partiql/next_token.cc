#include "partiql/next_token.h"

#include "auth/sigv4/digest.h"
#include "model/item.h"
#include "wire/base64.h"

namespace armature::partiql {
namespace {

constexpr char kVersion = 0x01;
constexpr std::size_t kDigestBytes = 16;
constexpr std::size_t kHeaderBytes = 1 + 2 * kDigestBytes;

using Part = SelectPosition::Part;

Unexpected<Error> invalid_token() { return invalid("Invalid NextToken"); }

Bytes cut_digest(BytesView text) {
  return Bytes(auth::sigv4::view_of(auth::sigv4::sha256(text)).substr(0, kDigestBytes));
}

void append_part(const Part& part, Bytes* out) {
  out->push_back(static_cast<char>(part.state));
  if (part.state != Part::State::kBehind) return;
  const Bytes key = encode_item(part.start_key);
  append_varint(out, key.size());
  out->append(key);
}

// Reads what append_part() wrote; false when it is cut off or none.
bool read_part(const char** cursor, const char* end, Part* part, Arena* arena) {
  if (*cursor == end) return false;
  const auto state = static_cast<unsigned char>(*(*cursor)++);
  if (state > static_cast<unsigned char>(Part::State::kDone)) return false;
  part->state = static_cast<Part::State>(state);
  if (part->state != Part::State::kBehind) return true;
  std::uint64_t size = 0;
  if (!read_varint(cursor, end, &size) || size > static_cast<std::uint64_t>(end - *cursor)) return false;
  const BytesView key(*cursor, size);
  *cursor += size;
  if (!is_valid_item(key)) return false;
  part->start_key = ItemView(key).decode(arena);
  return true;
}

std::optional<SelectPosition> read_position(BytesView encoded, Arena* arena) {
  SelectPosition position;
  const char* cursor = encoded.data();
  const char* const end = cursor + encoded.size();
  std::uint64_t first_part = 0;
  std::uint64_t count = 0;
  if (!read_varint(&cursor, end, &first_part) || !read_varint(&cursor, end, &count)) return std::nullopt;
  if (first_part > kMaxNextTokenBytes || count > encoded.size()) return std::nullopt;
  position.first_part = static_cast<std::uint32_t>(first_part);
  position.parts.resize(count);
  for (Part& part : position.parts) {
    if (!read_part(&cursor, end, &part, arena)) return std::nullopt;
  }
  return cursor == end ? std::optional(std::move(position)) : std::nullopt;
}

}  // namespace

Bytes digest_of(std::string_view statement, std::span<const Value> parameters) {
  Bytes text;
  append_varint(&text, statement.size());
  text.append(statement);
  const Attribute list{"parameters", Value::list(parameters)};
  encode_item({&list, 1}, &text);
  return Bytes(auth::sigv4::view_of(auth::sigv4::sha256(text)));
}

Result<Bytes> make_next_token(const SelectPosition& position, BytesView statement_digest) {
  Bytes body(statement_digest.substr(0, kDigestBytes));
  append_varint(&body, position.first_part);
  append_varint(&body, position.parts.size());
  for (const Part& part : position.parts) append_part(part, &body);
  Bytes token;
  wire::append_base64(kVersion + cut_digest(body) + body, &token);
  if (token.size() > kMaxNextTokenBytes) {
    return invalid("The position of this ORDER BY over several partition keys is too large for a NextToken");
  }
  return token;
}

Result<SelectPosition> read_next_token(std::string_view token, BytesView statement_digest, Arena* arena) {
  const Result<BytesView> decoded = wire::decode_base64(token, arena);
  if (!decoded || decoded->size() < kHeaderBytes || decoded->front() != kVersion) return invalid_token();
  const BytesView body = decoded->substr(1 + kDigestBytes);
  if (decoded->substr(1, kDigestBytes) != cut_digest(body)) return invalid_token();
  if (body.substr(0, kDigestBytes) != statement_digest.substr(0, kDigestBytes)) {
    return invalid("NextToken does not match request");
  }
  std::optional<SelectPosition> position = read_position(body.substr(kDigestBytes), arena);
  if (!position) return invalid_token();
  return std::move(*position);
}

}  // namespace armature::partiql
