#include "connector/sealed_box.h"

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "base/assert.h"
#include "base/random.h"

namespace armature::connector {
namespace {

constexpr BytesView kMagic = "ASB1";
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)>;

const unsigned char* bytes_of(BytesView text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(Bytes* text) { return reinterpret_cast<unsigned char*>(text->data()); }

Context begin(const Secret& key, BytesView nonce, bool encrypt) {
  ARMATURE_ASSERT(key.reveal().size() == kBoxKeyBytes);
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int length = 0;
  const bool ready =
      EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()), bytes_of(nonce),
                        encrypt ? 1 : 0) == 1 &&
      EVP_CipherUpdate(context.get(), nullptr, &length, bytes_of(kMagic), static_cast<int>(kMagic.size())) == 1;
  ARMATURE_ASSERT(ready);
  return context;
}

}  // namespace

Bytes seal(const Secret& key, BytesView plain) {
  const Bytes nonce = secure_random_bytes(kNonceBytes);
  const Context context = begin(key, nonce, true);
  Bytes cipher(plain.size(), '\0');
  Bytes tag(kTagBytes, '\0');
  int length = 0;
  unsigned char rest[16];
  const bool sealed = EVP_CipherUpdate(context.get(), bytes_of(&cipher), &length, bytes_of(plain),
                                       static_cast<int>(plain.size())) == 1 &&
                      EVP_CipherFinal_ex(context.get(), rest, &length) == 1 &&
                      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
  ARMATURE_ASSERT(sealed);
  return Bytes(kMagic) + nonce + cipher + tag;
}

std::optional<Secret> open_box(const Secret& key, BytesView box) {
  if (box.size() < kMagic.size() + kNonceBytes + kTagBytes || !box.starts_with(kMagic)) return std::nullopt;
  const BytesView nonce = box.substr(kMagic.size(), kNonceBytes);
  const BytesView cipher =
      box.substr(kMagic.size() + kNonceBytes, box.size() - kMagic.size() - kNonceBytes - kTagBytes);
  Bytes tag(box.substr(box.size() - kTagBytes));
  const Context context = begin(key, nonce, false);
  Bytes plain(cipher.size(), '\0');
  int length = 0;
  unsigned char rest[16];
  const bool opened = EVP_CipherUpdate(context.get(), bytes_of(&plain), &length, bytes_of(cipher),
                                       static_cast<int>(cipher.size())) == 1 &&
                      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
                      EVP_CipherFinal_ex(context.get(), rest, &length) == 1;
  if (!opened) return std::nullopt;
  return Secret(std::move(plain));
}

}  // namespace armature::connector
