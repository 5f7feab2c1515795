#include "auth/secrets/base64.h"

#include <openssl/evp.h>

namespace armature::auth {

Bytes encode_base64(BytesView bytes) {
  Bytes text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock() adds a NUL.
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<Bytes> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  Bytes bytes(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length != static_cast<int>(bytes.size())) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(bytes.size() - padding);
  // The decoder skips blanks and forgives stray bits; tokens have one form only.
  if (encode_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace armature::auth
