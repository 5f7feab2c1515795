#include "auth/secrets/password_hash.h"

#include <openssl/evp.h>

#include <charconv>
#include <vector>

#include "auth/secrets/base64.h"
#include "auth/sigv4/digest.h"
#include "base/assert.h"
#include "base/random.h"

namespace armature::auth {
namespace {

constexpr std::string_view kScheme = "scrypt";
constexpr int kCostLog2 = 15;
constexpr int kBlockSize = 8;
constexpr int kParallelism = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::uint64_t kMostMemoryBytes = 256ULL << 20;

struct Parameters {
  int cost_log2;
  int block_size;
  int parallelism;
};

// Empty when the parameters ask for more than is sane.
Bytes derive(const Secret& password, BytesView salt, const Parameters& parameters, std::size_t length) {
  Bytes hash(length, '\0');
  const std::string_view text = password.reveal();
  const int done =
      EVP_PBE_scrypt(text.data(), text.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                     1ULL << parameters.cost_log2, static_cast<std::uint64_t>(parameters.block_size),
                     static_cast<std::uint64_t>(parameters.parallelism), kMostMemoryBytes,
                     reinterpret_cast<unsigned char*>(hash.data()), hash.size());
  return done == 1 ? hash : Bytes();
}

bool read_int(std::string_view text, int highest, int* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size() && *out >= 1 && *out <= highest;
}

}  // namespace

std::string hash_password(const Secret& password) {
  const Bytes salt = secure_random_bytes(kSaltBytes);
  const Bytes hash = derive(password, salt, {kCostLog2, kBlockSize, kParallelism}, kHashBytes);
  ARMATURE_ASSERT(!hash.empty());
  return std::string(kScheme) + "$" + std::to_string(kCostLog2) + "$" + std::to_string(kBlockSize) + "$" +
         std::to_string(kParallelism) + "$" + encode_base64(salt) + "$" + encode_base64(hash);
}

bool password_matches(const Secret& password, std::string_view stored) {
  std::vector<std::string_view> parts;
  for (std::string_view rest = stored; parts.size() < 7;) {
    const std::size_t end = rest.find('$');
    parts.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  Parameters parameters{};
  if (parts.size() != 6 || parts[0] != kScheme || !read_int(parts[1], 20, &parameters.cost_log2) ||
      !read_int(parts[2], 32, &parameters.block_size) || !read_int(parts[3], 16, &parameters.parallelism)) {
    return false;
  }
  const auto salt = decode_base64(parts[4]);
  const auto expected = decode_base64(parts[5]);
  if (!salt || !expected || expected->empty()) return false;
  const Bytes hash = derive(password, *salt, parameters, expected->size());
  return sigv4::equal_in_constant_time(hash, *expected);
}

}  // namespace armature::auth
