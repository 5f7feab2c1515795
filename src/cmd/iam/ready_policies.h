// Policies people ask for most, by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace armature::cmd {

// Either a managed policy to attach, or a document to put inline.
struct ReadyPolicy {
  std::string managed_arn;
  std::string name;  // Of the inline policy.
  std::string document;
};

struct ReadyPolicyInfo {
  std::string_view name;
  std::string_view meaning;
  bool needs_table = false;
};
const std::vector<ReadyPolicyInfo>& ready_policies();

// `region` "*": tables of any region. The error names what there is, or what is missing.
Expected<ReadyPolicy, std::string> make_ready_policy(std::string_view name, std::string_view account_id,
                                                     std::string_view region, std::string_view table);

// An inline Deny to everybody who comes from elsewhere; `cidrs` must not be empty.
std::string address_policy(const std::vector<std::string>& cidrs);
inline constexpr std::string_view kAddressPolicyName = "armature-allowed-addresses";

}  // namespace armature::cmd
