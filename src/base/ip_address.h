// IP addresses of peers, and the list of networks that may connect at all.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

struct sockaddr;

namespace armature {

// IPv6 in network order; IPv4 as its mapped form ::ffff:a.b.c.d.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  static Expected<IpAddress, std::string> parse(std::string_view text);
  // Of a connected TCP socket's peer; all zero for what is not IP.
  static IpAddress from_socket_address(const sockaddr& address);

  bool is_v4() const;
  std::string to_string() const;  // "10.0.0.1", "fe80::1".
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

// Networks in CIDR form. Immutable after parse(), so safe from any thread.
class IpAllowList {
 public:
  // Each entry is "10.0.0.0/8", "2001:db8::/32" or a single address. The error names the entry that is wrong.
  static Expected<IpAllowList, std::string> parse(std::span<const std::string> entries);

  bool empty() const { return networks_.empty(); }
  // Whether `address` lies in one of the networks; an empty list allows nobody.
  bool allows(const IpAddress& address) const;

 private:
  struct Network {
    IpAddress address;
    int prefix_bits;  // Of the 128.
  };
  std::vector<Network> networks_;
};

}  // namespace armature
