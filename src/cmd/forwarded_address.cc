#include "cmd/forwarded_address.h"

namespace armature::cmd {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// "10.0.0.1", "10.0.0.1:1234", "2001:db8::1", "[2001:db8::1]:1234".
Expected<IpAddress, std::string> parse_entry(std::string_view text) {
  if (text.starts_with('[')) return IpAddress::parse(text.substr(1, text.find(']') - 1));
  const std::size_t colon = text.find(':');
  const bool has_port = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
  return IpAddress::parse(has_port ? text.substr(0, colon) : text);
}

}  // namespace

std::optional<IpAddress> forwarded_client(const IpAddress& peer, std::string_view header_values,
                                          const IpAllowList& trusted) {
  if (!trusted.allows(peer)) return std::nullopt;
  while (!header_values.empty()) {
    const std::size_t comma = header_values.rfind(',');
    const std::string_view entry =
        trimmed(comma == std::string_view::npos ? header_values : header_values.substr(comma + 1));
    header_values = comma == std::string_view::npos ? std::string_view() : header_values.substr(0, comma);
    if (entry.empty()) continue;
    const auto address = parse_entry(entry);
    // What cannot be read was not written by a proxy of ours; nothing left of it can be believed.
    if (!address) return std::nullopt;
    if (!trusted.allows(*address)) return *address;
  }
  return std::nullopt;
}

Task<http::Response> ForwardedAddress::handle(const http::Request& request) {
  const auto peer = IpAddress::parse(request.peer_address);
  std::string values;
  if (peer && trusted_.allows(*peer)) {
    for (const http::Header& header : request.headers) {
      if (!http::equals_ignoring_case(header.name, "X-Forwarded-For")) continue;
      values.append(values.empty() ? "" : ",").append(header.value);
    }
  }
  const auto client = values.empty() ? std::nullopt : forwarded_client(*peer, values, trusted_);
  if (!client) co_return co_await behind_.handle(request);
  if (!gate_.admits(*client)) {
    http::Response refused;
    refused.status = 403;
    co_return refused;
  }
  const std::string address = client->to_string();
  http::Request forwarded = request;
  forwarded.peer_address = address;
  co_return co_await behind_.handle(forwarded);
}

}  // namespace armature::cmd
