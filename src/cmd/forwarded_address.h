// Behind a proxy every connection comes from the proxy. Where that one is trusted, X-Forwarded-For says who it speaks
// for: the right-most address that is not itself a trusted proxy. What stands left of it anybody may have written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "cmd/address_gate.h"
#include "http/handler.h"

namespace armature::cmd {

// `header_values` are those of all X-Forwarded-For headers, joined with commas; nullopt: `peer` is not trusted, or
// names nobody.
std::optional<IpAddress> forwarded_client(const IpAddress& peer, std::string_view header_values,
                                          const IpAllowList& trusted);

// Passes requests on to another handler with the address of the client behind trusted proxies. Thread-safe.
class ForwardedAddress final : public http::Handler {
 public:
  // Both references must outlive this. `gate` is asked for the clients, too: 403 for those it does not admit.
  ForwardedAddress(http::Handler& behind, IpAllowList trusted, const AddressGate& gate)
      : behind_(behind), trusted_(std::move(trusted)), gate_(gate) {}

  Task<http::Response> handle(const http::Request& request) override;

 private:
  http::Handler& behind_;
  const IpAllowList trusted_;
  const AddressGate& gate_;
};

}  // namespace armature::cmd
