// Where a DynamoDB is: the parts of an endpoint URL, or Amazon's own endpoint of a region.
// Source: Developer Guide, "Service endpoints".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace armature::connector {

struct Endpoint {
  bool secure = false;
  std::string host;
  std::uint16_t port = 80;
  std::string path = "/";

  // As the Host header has it: without the port when it is the scheme's own.
  std::string host_header() const;
};

// "http://127.0.0.1:8000", "https://dynamodb.eu-west-1.amazonaws.com". The error says what is wrong with it.
Expected<Endpoint, std::string> parse_endpoint(std::string_view url);

// Amazon's endpoint of `region`.
Endpoint regional_endpoint(std::string_view region);

}  // namespace armature::connector
