// links: armature_auth
// A session token that strangers made up must open as nothing; the form behind the seal, should a key ever leak, must
// not be read out of bounds.
#include <cstdint>
#include <cstdlib>

#include "auth/secrets/base64.h"
#include "auth/sts/session_token.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace armature;
  static const auth::KeyRing keys = auth::KeyRing::generate();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auth::sts::open_session(text, "ASIAEXAMPLE", keys)) std::abort();
  const Bytes sealed = keys.seal(auth::SealPurpose::kSessionToken, text, "ASIAEXAMPLE");
  static_cast<void>(auth::sts::open_session(auth::encode_base64(sealed), "ASIAEXAMPLE", keys));
  return 0;
}
