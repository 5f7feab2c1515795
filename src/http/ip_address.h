// Addresses of peers and the networks that may connect, under the names http/ and those above know.
#pragma once

#include "base/ip_address.h"

namespace armature::http {

using armature::IpAddress;
using armature::IpAllowList;

}  // namespace armature::http
