// A token is base64 of what KeyRing::seal() makes of an item (model/item.h) with these members; the access key id is
// the context it is sealed with, so a token opens beside its own key only.
//
//   format          N    kFormat
//   kind            N    SessionKind
//   secret          B    the temporary secret access key
//   owner_id        S    and so on: the field of that name in Session
//   packed          B    policies and tags: an item of its own, compressed (zlib) when that makes it shorter
//   packed_bytes    N    its size before compression; absent: not compressed
//
// The secret is outside of what is compressed: the caller chooses policies and tags, and their sizes can be seen.

#include "auth/sts/session_token.h"

#include <zlib.h>

#include "auth/secrets/base64.h"
#include "base/arena.h"
#include "base/assert.h"
#include "model/item.h"
#include "model/map_fields.h"

namespace armature::auth::sts {
namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::size_t kMostUnpackedBytes = 64 * 1024;
constexpr std::size_t kMostTokenBytes = 16 * 1024;

Bytes encode_policies_and_tags(const Session& session) {
  Arena arena;
  MapWriter writer(&arena);
  writer.text("policy", session.policy);
  const auto texts = [&](std::string_view name, const std::vector<std::string>& values) {
    std::vector<Value> list;
    for (const std::string& value : values) list.push_back(Value::string(arena.copy(value)));
    writer.list(name, list);
  };
  texts("policy_arns", session.policy_arns);
  texts("transitive_tag_keys", session.transitive_tag_keys);
  std::vector<Value> tags;
  for (const PrincipalTag& tag : session.tags) {
    MapWriter element(&arena);
    element.text("key", tag.key);
    element.text("value", tag.value);
    tags.push_back(element.finish());
  }
  writer.list("tags", tags);
  return writer.attributes().empty() ? Bytes() : encode_item(writer.attributes());
}

bool decode_policies_and_tags(BytesView encoded, Session* session) {
  if (encoded.empty()) return true;
  if (!is_valid_item(encoded)) return false;
  Arena arena;
  const MapReader reader(ItemView(encoded).decode(&arena));
  session->policy = reader.text("policy");
  const auto texts = [&](std::string_view name, std::vector<std::string>* values) {
    for (const Value& element : reader.list(name)) {
      if (element.is(Type::kString)) values->emplace_back(element.bytes());
    }
  };
  texts("policy_arns", &session->policy_arns);
  texts("transitive_tag_keys", &session->transitive_tag_keys);
  for (const Value& element : reader.list("tags")) {
    const MapReader tag(&element);
    session->tags.push_back({tag.text("key"), tag.text("value")});
  }
  return true;
}

// The shorter of `plain` and its compressed form.
Bytes pack(const Bytes& plain, bool* compressed) {
  Bytes packed(compressBound(plain.size()), '\0');
  uLongf size = packed.size();
  const int status = compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                               reinterpret_cast<const Bytef*>(plain.data()), plain.size(), Z_BEST_COMPRESSION);
  *compressed = status == Z_OK && size < plain.size();
  if (!*compressed) return plain;
  packed.resize(size);
  return packed;
}

std::optional<Bytes> unpack(BytesView packed, std::size_t size) {
  if (size > kMostUnpackedBytes) return std::nullopt;
  Bytes plain(size, '\0');
  uLongf unpacked = plain.size();
  const int status = uncompress(reinterpret_cast<Bytef*>(plain.data()), &unpacked,
                                reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  if (status != Z_OK || unpacked != size) return std::nullopt;
  return plain;
}

}  // namespace

Result<std::string> seal_session(const Session& session, const KeyRing& keys, std::size_t* packed_bytes) {
  const Bytes extra = encode_policies_and_tags(session);
  bool compressed = false;
  const Bytes packed = pack(extra, &compressed);
  *packed_bytes = packed.size();
  if (packed.size() > kMostPackedBytes || extra.size() > kMostUnpackedBytes) {
    return fail(ErrorCode::kPackedPolicyTooLarge,
                "Packed size of session tags and session policies exceeds the limit: it is " +
                    std::to_string(packed_percent(packed.size())) + "% of it.");
  }
  Arena arena;
  MapWriter writer(&arena);
  writer.integer("format", kFormat);
  writer.code("kind", session.kind);
  writer.bytes("secret", session.secret.reveal());
  writer.text("owner_id", session.owner_id);
  writer.text("issuer_key_id", session.issuer_key_id);
  writer.text("name", session.name);
  writer.integer("issued_at_s", session.issued_at_s);
  writer.integer("expires_at_s", session.expires_at_s);
  writer.text("source_identity", session.source_identity);
  writer.bytes("packed", packed);
  if (compressed) writer.integer("packed_bytes", static_cast<std::int64_t>(extra.size()));
  return encode_base64(keys.seal(SealPurpose::kSessionToken, encode_item(writer.attributes()), session.access_key_id));
}

std::optional<Session> open_session(std::string_view token, std::string_view access_key_id, const KeyRing& keys) {
  if (token.size() > kMostTokenBytes) return std::nullopt;
  const auto sealed = decode_base64(token);
  if (!sealed) return std::nullopt;
  const auto plain = keys.open(SealPurpose::kSessionToken, *sealed, access_key_id);
  if (!plain || !is_valid_item(*plain)) return std::nullopt;
  Arena arena;
  const MapReader reader(ItemView(*plain).decode(&arena));
  if (reader.integer("format") != kFormat) return std::nullopt;
  Session session;
  session.kind = reader.code<SessionKind>("kind");
  session.access_key_id = access_key_id;
  session.secret = Secret(reader.text("secret"));
  session.owner_id = reader.text("owner_id");
  session.issuer_key_id = reader.text("issuer_key_id");
  session.name = reader.text("name");
  session.issued_at_s = reader.integer("issued_at_s");
  session.expires_at_s = reader.integer("expires_at_s");
  session.source_identity = reader.text("source_identity");
  const std::string packed = reader.text("packed");
  if (const auto size = reader.optional_integer("packed_bytes")) {
    const auto unpacked = unpack(packed, static_cast<std::size_t>(*size));
    if (!unpacked || !decode_policies_and_tags(*unpacked, &session)) return std::nullopt;
  } else if (!decode_policies_and_tags(packed, &session)) {
    return std::nullopt;
  }
  return session;
}

std::int64_t packed_percent(std::size_t packed_bytes) {
  return static_cast<std::int64_t>((packed_bytes * 100 + kMostPackedBytes - 1) / kMostPackedBytes);
}

}  // namespace armature::auth::sts
