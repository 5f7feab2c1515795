// Addresses a connector must not call on somebody's behalf: link-local ones, where clouds answer questions about a
// machine and hand out its keys to whoever asks from it. Source: EC2 User Guide, "Use the Instance Metadata Service".
#pragma once

#include <string_view>

#include "http/ip_address.h"

namespace armature::connector {

// Why `address` is forbidden; empty: it is not. 169.254.0.0/16, fe80::/10, fd00:ec2::/32 and the unspecified address.
// Looked at after names are resolved, so that no name leads there.
std::string_view why_forbidden(const http::IpAddress& address);

}  // namespace armature::connector
