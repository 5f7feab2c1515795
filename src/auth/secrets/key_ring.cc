#include "auth/secrets/key_ring.h"

#include <openssl/evp.h>

#include <charconv>
#include <cstdio>
#include <memory>

#include "auth/secrets/base64.h"
#include "auth/sigv4/digest.h"
#include "base/assert.h"
#include "base/random.h"

namespace armature::auth {
namespace {

// What is sealed looks like this:
//
//   offset  bytes  meaning
//   0       1      kFormat
//   1       4      id of the key, big-endian
//   5       16     salt: the message key is HMAC-SHA-256(key of the purpose, salt)
//   21      12     nonce of AES-256-GCM
//   33      n      ciphertext
//   33+n    16     tag; also covers the first 33 bytes and the context
//
// A key for each message means that random nonces never come close to repeating under one key, however many tokens are
// issued.
constexpr char kFormat = 1;
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kHeaderBytes = 1 + kKeyIdBytes + kSaltBytes + kNonceBytes;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kKeyBytes = 32;

constexpr std::string_view kPurposeNames[kSealPurposes] = {"armature stored secret 1", "armature session token 1"};

constexpr std::string_view kFileHeading =
    "# The keys that protect secrets and session tokens of an Armature server. Keep a copy apart from the data: "
    "without\n"
    "# it, access keys and passwords in the data are lost. The first key is in use, the others still open what they\n"
    "# sealed. One line each: id, 32 bytes in base64.\n";

const EVP_CIPHER* cipher() {
  static const EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return fetched;
}

EVP_CIPHER_CTX* thread_context() {
  thread_local const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                             EVP_CIPHER_CTX_free);
  ARMATURE_ASSERT(context != nullptr && cipher() != nullptr);
  return context.get();
}

const unsigned char* unsigned_data(BytesView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* unsigned_data(Bytes* bytes, std::size_t offset) {
  return reinterpret_cast<unsigned char*>(bytes->data()) + offset;
}

std::uint32_t read_key_id(BytesView sealed) {
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < kKeyIdBytes; ++i) id = id << 8 | static_cast<unsigned char>(sealed[1 + i]);
  return id;
}

void append_key_id(std::uint32_t id, Bytes* out) {
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(static_cast<char>(id >> shift));
}

sigv4::Digest message_key(const Secret& purpose_key, BytesView header) {
  return sigv4::hmac_sha256(purpose_key.reveal(), header.substr(1 + kKeyIdBytes, kSaltBytes));
}

BytesView nonce_of(BytesView header) { return header.substr(1 + kKeyIdBytes + kSaltBytes, kNonceBytes); }

}  // namespace

// HKDF with the material as the pseudo-random key: it is uniform already. One block is all a key needs.
KeyRing::Key KeyRing::make_key(std::uint32_t id, std::string material) {
  Key key{id, Secret(std::move(material)), {}};
  for (std::size_t i = 0; i < kSealPurposes; ++i) {
    const Bytes info = Bytes(kPurposeNames[i]) + '\x01';
    key.derived[i] = Secret(std::string(sigv4::view_of(sigv4::hmac_sha256(key.material.reveal(), info))));
  }
  return key;
}

KeyRing KeyRing::generate() { return KeyRing().with_new_key(); }

KeyRing KeyRing::with_new_key() const {
  KeyRing ring;
  std::uint32_t id = 0;
  do {
    for (const char byte : secure_random_bytes(kKeyIdBytes)) id = id << 8 | static_cast<unsigned char>(byte);
  } while (find(id) != nullptr);
  ring.keys_.push_back(make_key(id, secure_random_bytes(kKeyBytes)));
  ring.keys_.insert(ring.keys_.end(), keys_.begin(), keys_.end());
  return ring;
}

Expected<KeyRing, std::string> KeyRing::parse(std::string_view text) {
  KeyRing ring;
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const auto wrong = [&](const char* what) { return Unexpected("line " + std::to_string(number) + " " + what); };
    std::uint32_t id = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), id, 16);
    if (error != std::errc() || end == line.data() + line.size() || *end != ' ') {
      return wrong("does not begin with a key id");
    }
    const auto material = decode_base64(line.substr(static_cast<std::size_t>(end - line.data()) + 1));
    if (!material || material->size() != kKeyBytes) return wrong("does not hold a key of 32 bytes in base64");
    if (ring.find(id) != nullptr) return wrong("repeats the id of another key");
    ring.keys_.push_back(make_key(id, *material));
  }
  if (ring.keys_.empty()) return Unexpected(std::string("it holds no key"));
  return ring;
}

Secret KeyRing::to_text() const {
  std::string text(kFileHeading);
  for (const Key& key : keys_) {
    char id[16];
    std::snprintf(id, sizeof id, "%08x ", key.id);
    text.append(id).append(encode_base64(key.material.reveal())).append("\n");
  }
  return Secret(std::move(text));
}

const KeyRing::Key* KeyRing::find(std::uint32_t id) const {
  for (const Key& key : keys_) {
    if (key.id == id) return &key;
  }
  return nullptr;
}

bool KeyRing::is_sealed_by_first_key(BytesView sealed) const {
  return sealed.size() >= kHeaderBytes + kTagBytes && read_key_id(sealed) == keys_.front().id;
}

Bytes KeyRing::seal(SealPurpose purpose, BytesView plain, BytesView context) const {
  const Key& key = keys_.front();
  Bytes out(1, kFormat);
  append_key_id(key.id, &out);
  out.append(secure_random_bytes(kSaltBytes + kNonceBytes));
  const Bytes header = out;
  out.resize(kHeaderBytes + plain.size() + kTagBytes);

  const sigv4::Digest message = message_key(key.derived[static_cast<std::size_t>(purpose)], header);
  EVP_CIPHER_CTX* const cipher_context = thread_context();
  int length = 0;
  const bool done =
      EVP_EncryptInit_ex2(cipher_context, cipher(), message.data(), unsigned_data(nonce_of(header)), nullptr) == 1 &&
      EVP_EncryptUpdate(cipher_context, nullptr, &length, unsigned_data(header), static_cast<int>(header.size())) ==
          1 &&
      EVP_EncryptUpdate(cipher_context, nullptr, &length, unsigned_data(context), static_cast<int>(context.size())) ==
          1 &&
      EVP_EncryptUpdate(cipher_context, unsigned_data(&out, kHeaderBytes), &length, unsigned_data(plain),
                        static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher_context, unsigned_data(&out, kHeaderBytes + plain.size()), &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher_context, EVP_CTRL_AEAD_GET_TAG, kTagBytes,
                          unsigned_data(&out, kHeaderBytes + plain.size())) == 1;
  ARMATURE_ASSERT(done);  // Only lost memory could make it fail.
  return out;
}

std::optional<Bytes> KeyRing::open(SealPurpose purpose, BytesView sealed, BytesView context) const {
  if (sealed.size() < kHeaderBytes + kTagBytes || sealed.front() != kFormat) return std::nullopt;
  const Key* const key = find(read_key_id(sealed));
  if (key == nullptr) return std::nullopt;
  const BytesView header = sealed.substr(0, kHeaderBytes);
  const BytesView ciphertext = sealed.substr(kHeaderBytes, sealed.size() - kHeaderBytes - kTagBytes);
  Bytes tag(sealed.substr(sealed.size() - kTagBytes));
  Bytes plain(ciphertext.size(), '\0');

  const sigv4::Digest message = message_key(key->derived[static_cast<std::size_t>(purpose)], header);
  EVP_CIPHER_CTX* const cipher_context = thread_context();
  int length = 0;
  const bool done =
      EVP_DecryptInit_ex2(cipher_context, cipher(), message.data(), unsigned_data(nonce_of(header)), nullptr) == 1 &&
      EVP_DecryptUpdate(cipher_context, nullptr, &length, unsigned_data(header), static_cast<int>(header.size())) ==
          1 &&
      EVP_DecryptUpdate(cipher_context, nullptr, &length, unsigned_data(context), static_cast<int>(context.size())) ==
          1 &&
      EVP_DecryptUpdate(cipher_context, unsigned_data(&plain, 0), &length, unsigned_data(ciphertext),
                        static_cast<int>(ciphertext.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher_context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, unsigned_data(&tag, 0)) == 1 &&
      EVP_DecryptFinal_ex(cipher_context, unsigned_data(&plain, plain.size()), &length) == 1;
  if (!done) return std::nullopt;
  return plain;
}

}  // namespace armature::auth
