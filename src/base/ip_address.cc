#include "base/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace armature {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int kMappedPrefixBits = 96;
constexpr int kAddressBits = 128;

IpAddress mapped(const void* four_bytes) {
  IpAddress address;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin());
  std::memcpy(address.bytes.data() + kMappedPrefix.size(), four_bytes, 4);
  return address;
}

bool same_prefix(const IpAddress& a, const IpAddress& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(a.bytes.data(), b.bytes.data(), whole) != 0) return false;
  const int rest = bits % 8;
  return rest == 0 || ((a.bytes[whole] ^ b.bytes[whole]) >> (8 - rest)) == 0;
}

}  // namespace

Expected<IpAddress, std::string> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  in_addr v4{};
  if (inet_pton(AF_INET, terminated.c_str(), &v4) == 1) return mapped(&v4);
  IpAddress address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return Unexpected("\"" + terminated + "\" is not an IP address");
}

IpAddress IpAddress::from_socket_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) return mapped(&reinterpret_cast<const sockaddr_in&>(address).sin_addr);
  IpAddress result;
  if (address.sa_family == AF_INET6) {
    std::memcpy(result.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, result.bytes.size());
  }
  return result;
}

bool IpAddress::is_v4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()); }

std::string IpAddress::to_string() const {
  char text[INET6_ADDRSTRLEN] = {};
  if (is_v4()) {
    inet_ntop(AF_INET, bytes.data() + kMappedPrefix.size(), text, sizeof text);
  } else {
    inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
  }
  return text;
}

Expected<IpAllowList, std::string> IpAllowList::parse(std::span<const std::string> entries) {
  IpAllowList list;
  for (const std::string& entry : entries) {
    const std::size_t slash = std::min(entry.find('/'), entry.size());
    auto address = IpAddress::parse(std::string_view(entry).substr(0, slash));
    if (!address) return Unexpected("\"" + entry + "\" is neither an IP address nor a network such as 10.0.0.0/8");
    const bool v4 = address->is_v4() && entry.find(':') == std::string::npos;
    const int longest = v4 ? kAddressBits - kMappedPrefixBits : kAddressBits;
    int bits = longest;
    if (slash != entry.size()) {
      const char* const end = entry.data() + entry.size();
      const auto [parsed_to, error] = std::from_chars(entry.data() + slash + 1, end, bits);
      if (error != std::errc() || parsed_to != end || bits < 0 || bits > longest) {
        return Unexpected("\"" + entry + "\": the prefix length must be 0 to " + std::to_string(longest));
      }
    }
    list.networks_.push_back({*address, v4 ? bits + kMappedPrefixBits : bits});
  }
  return list;
}

bool IpAllowList::allows(const IpAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    return same_prefix(network.address, address, network.prefix_bits);
  });
}

}  // namespace armature
