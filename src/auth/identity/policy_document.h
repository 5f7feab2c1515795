// A policy as it was given, together with what it says. Cheap to copy.
#pragma once

#include <string>
#include <string_view>

namespace armature::auth {

struct PolicyDocument {
  std::string text;  // JSON, as sent.
};

// The characters of a policy that count against its quota: all but blanks outside of strings.
// Source: IAM User Guide, "IAM and AWS STS quotas".
std::size_t policy_size(std::string_view text);

}  // namespace armature::auth
