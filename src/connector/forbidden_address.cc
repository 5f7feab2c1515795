#include "connector/forbidden_address.h"

#include <algorithm>

namespace armature::connector {

std::string_view why_forbidden(const http::IpAddress& address) {
  const auto& bytes = address.bytes;
  if (address.is_v4()) {
    if (bytes[12] == 169 && bytes[13] == 254)
      return "link-local addresses (169.254.0.0/16) belong to the cloud's metadata service";
    if (bytes[12] == 0) return "0.0.0.0/8 names no server";
    return "";
  }
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) return "link-local addresses (fe80::/10) are not called";
  if (bytes[0] == 0xfd && bytes[1] == 0 && bytes[2] == 0x0e && bytes[3] == 0xc2) {
    return "fd00:ec2::/32 belongs to the cloud's metadata service";
  }
  // NAT64 (64:ff9b::/96) and 6to4 (2002::/16) carry an IPv4 address inside.
  const bool nat64 = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == 0xff && bytes[3] == 0x9b;
  const std::size_t inner = nat64 ? 12 : 2;
  if ((nat64 || (bytes[0] == 0x20 && bytes[1] == 0x02)) && bytes[inner] == 169 && bytes[inner + 1] == 254) {
    return "it carries a link-local address of the cloud's metadata service";
  }
  if (std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; })) return ":: names no server";
  return "";
}

}  // namespace armature::connector
