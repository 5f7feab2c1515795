#include "cmd/address_gate.h"

#include <optional>
#include <string>
#include <vector>

namespace armature::cmd {
namespace {

IpAllowList loopback() {
  const std::vector<std::string> networks = {"127.0.0.0/8", "::1"};
  return *IpAllowList::parse(networks);
}

}  // namespace

AddressGate::AddressGate(IpAllowList command_line, const auth::IdentityStore& identities)
    : command_line_(std::move(command_line)), loopback_(loopback()), identities_(identities) {}

bool AddressGate::admits(const IpAddress& peer) const {
  // The list as this thread parsed it last.
  struct Copy {
    std::uint64_t state_number = 0;
    std::optional<IpAllowList> stored;
  };
  thread_local Copy copy;
  const std::uint64_t state_number = identities_.state_number();
  if (copy.state_number != state_number) {
    copy = {state_number, std::nullopt};
    const auth::IdentitiesRef identities = identities_.identities();
    if (const auto& entries = identities->account().allowed_ips) {
      auto list = IpAllowList::parse(*entries);
      // What was put was parsed then; should it not be readable any more, nobody from outside gets in.
      copy.stored = list ? std::move(*list) : loopback_;
    }
  }
  const IpAllowList& list = copy.stored ? *copy.stored : command_line_;
  return list.empty() || list.allows(peer) || loopback_.allows(peer);
}

}  // namespace armature::cmd
