// links: armature_auth
// A session token that strangers made up must open as nothing; the form behind the seal, should a key ever leak, must
// not be read out of bounds; and a session of any texts opens as it was sealed.
#include <cstdint>
#include <cstdlib>

#include "auth/secrets/base64.h"
#include "auth/sts/session_token.h"
#include "base/arena.h"
#include "model/item.h"
#include "model/map_fields.h"

using namespace armature;

namespace {

constexpr std::string_view kKeyId = "ASIAEXAMPLE";

void require(bool condition) {
  if (!condition) std::abort();
}

const auth::KeyRing& keys() {
  static const auth::KeyRing made = auth::KeyRing::generate();
  return made;
}

void open_plain(BytesView plain) {
  const Bytes sealed = keys().seal(auth::SealPurpose::kSessionToken, plain, kKeyId);
  static_cast<void>(auth::sts::open_session(auth::encode_base64(sealed), kKeyId, keys()));
}

// What is around the policies and tags is whole, they are not: packed, and as they are.
void open_packed(BytesView packed) {
  for (const bool compressed : {false, true}) {
    Arena arena;
    MapWriter writer(&arena);
    writer.integer("format", 1);
    writer.integer("kind", 1);
    writer.bytes("packed", packed);
    if (compressed) writer.integer("packed_bytes", static_cast<std::int64_t>(packed.size() * 2));
    open_plain(encode_item(writer.attributes()));
  }
}

void seal_and_open(std::string_view text) {
  const auto part = [&] {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return std::string(line);
  };
  auth::sts::Session session;
  session.access_key_id = kKeyId;
  session.secret = Secret(part());
  session.owner_id = part();
  session.name = part();
  session.source_identity = part();
  session.policy = part();
  session.issued_at_s = static_cast<std::int64_t>(text.size());
  while (!text.empty()) {
    session.policy_arns.push_back(part());
    session.transitive_tag_keys.push_back(part());
    std::string key = part();
    session.tags.push_back({std::move(key), part()});
  }
  std::size_t packed_bytes = 0;
  const auto token = auth::sts::seal_session(session, keys(), &packed_bytes);
  if (!token) return;
  const auto opened = auth::sts::open_session(*token, kKeyId, keys());
  require(opened && opened->secret.reveal() == session.secret.reveal() && opened->owner_id == session.owner_id);
  require(opened->name == session.name && opened->source_identity == session.source_identity);
  require(opened->policy == session.policy && opened->policy_arns == session.policy_arns);
  require(opened->transitive_tag_keys == session.transitive_tag_keys && opened->tags.size() == session.tags.size());
  for (std::size_t i = 0; i < session.tags.size(); ++i) {
    require(opened->tags[i].key == session.tags[i].key && opened->tags[i].value == session.tags[i].value);
  }
  require(opened->issued_at_s == session.issued_at_s);
  require(!auth::sts::open_session(*token, "ASIAOTHER", keys()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  require(!auth::sts::open_session(text, kKeyId, keys()));
  open_plain(text);
  open_packed(text);
  // A token of some length is not opened; the limit is on what it is sealed to.
  if (size <= 4096) seal_and_open(text);
  return 0;
}
