#include "connector/endpoint.h"

#include <charconv>

namespace armature::connector {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

Unexpected<std::string> bad_endpoint(std::string_view url, const char* why) {
  return Unexpected("'" + std::string(url) + "' is no endpoint: " + why);
}

}  // namespace

std::string Endpoint::host_header() const {
  const bool v6 = host.find(':') != std::string::npos;
  std::string header = v6 ? "[" + host + "]" : host;
  if (port != (secure ? kHttpsPort : kHttpPort)) header += ":" + std::to_string(port);
  return header;
}

Expected<Endpoint, std::string> parse_endpoint(std::string_view url) {
  Endpoint endpoint;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    endpoint.secure = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad_endpoint(url, "it must begin with http:// or https://");
  }
  endpoint.port = endpoint.secure ? kHttpsPort : kHttpPort;
  const std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos) {
    endpoint.path = rest.substr(slash);
    rest = rest.substr(0, slash);
  }
  std::string_view port;
  if (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) return bad_endpoint(url, "']' is missing");
    endpoint.host = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    if (!rest.empty() && rest.front() != ':') return bad_endpoint(url, "what follows ']' is no port");
    port = rest.empty() ? rest : rest.substr(1);
  } else {
    const std::size_t colon = rest.find(':');
    endpoint.host = rest.substr(0, colon);
    if (colon != std::string_view::npos) port = rest.substr(colon + 1);
  }
  if (endpoint.host.empty()) return bad_endpoint(url, "it names no host");
  if (!port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
    if (error != std::errc() || end != port.data() + port.size() || endpoint.port == 0) {
      return bad_endpoint(url, "its port is not a number from 1 to 65535");
    }
  }
  return endpoint;
}

Endpoint regional_endpoint(std::string_view region) {
  return {
      .secure = true, .host = "dynamodb." + std::string(region) + ".amazonaws.com", .port = kHttpsPort, .path = "/"};
}

}  // namespace armature::connector
