// Who may connect: the allow-list of the command line, or the one put at run time in its place; loopback always.
#pragma once

#include "auth/identity/identity_store.h"
#include "base/ip_address.h"

namespace armature::cmd {

// Thread-safe, and without locks but for the moment after a change.
class AddressGate {
 public:
  // `identities` must outlive the gate. An empty list lets everybody in.
  AddressGate(IpAllowList command_line, const auth::IdentityStore& identities);

  bool admits(const IpAddress& peer) const;

 private:
  const IpAllowList command_line_;
  const IpAllowList loopback_;
  const auth::IdentityStore& identities_;
};

}  // namespace armature::cmd
