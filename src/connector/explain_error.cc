#include "connector/explain_error.h"

#include <fmt/format.h>

#include "connector/connection_options.h"
#include "connector/endpoint.h"
#include "connector/service.h"

namespace armature::connector {
namespace {

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

Endpoint endpoint_of(const SavedConnection& connection) {
  if (const auto parsed = parse_endpoint(connection.endpoint)) return *parsed;
  return regional_endpoint(Service::kDynamoDb, connection.region);
}

// What is dialled first: the proxy, where there is one.
Endpoint peer_of(const SavedConnection& connection) {
  const auto proxy = parse_endpoint(read_settings(connection.options).proxy);
  return proxy ? *proxy : endpoint_of(connection);
}

bool has_proxy(const SavedConnection& connection) { return !read_settings(connection.options).proxy.empty(); }

Explanation explain_tls(const std::string& message, const SavedConnection& connection) {
  if (holds(message, "wrong version number") || holds(message, "packet length too long") ||
      holds(message, "http request")) {
    return {"The server does not speak TLS on this port", "Use http:// in the endpoint URL, or the server's TLS port."};
  }
  if (holds(message, "expired")) return {"The server's certificate has expired", "Renew it on the server."};
  if (holds(message, "not yet valid"))
    return {"The server's certificate is not valid yet", "Check the clocks of both machines."};
  if (holds(message, "mismatch")) {
    return {fmt::format("The server's certificate is for another name than {}", endpoint_of(connection).host),
            "Use the name in the certificate in the endpoint URL, or set option tls.serverName to it."};
  }
  if (holds(message, "self-signed") || holds(message, "self signed") || holds(message, "issuer") ||
      holds(message, "verify the first")) {
    return {
        "The server's certificate comes from an authority this machine does not know",
        "Save the authority's certificate (or the server's own, when it is self-signed) as a PEM file and name it in "
        "option tls.caFile."};
  }
  if (holds(message, "cannot read the authorities"))
    return {"", "Check option tls.caFile: it must name a readable PEM file."};
  return {"",
          "Check that the endpoint URL names the right host and port, and that both sides share a TLS version (1.2 or "
          "newer)."};
}

Explanation explain_signature(const CallError& error, const SavedConnection& connection) {
  if (holds(error.message, "valid region")) {
    if (const auto region = amazon_region(endpoint_of(connection)); region && *region != connection.region) {
      return {fmt::format("The endpoint is of region {}, the connection of region {}", *region, connection.region),
              fmt::format("Set the region to {}, or leave the endpoint empty.", *region)};
    }
    return {fmt::format("The endpoint is not one of region {}", connection.region),
            "Set the region the endpoint belongs to, or leave the endpoint empty."};
  }
  if (holds(error.message, "Signature expired") || holds(error.message, "not yet current")) {
    return {"This machine's clock and the server's differ by more than the server accepts",
            "Set the clock: run a time service such as chrony."};
  }
  if (holds(error.message, "correct service"))
    return {"The endpoint belongs to another service", "Use the endpoint of DynamoDB."};
  return {fmt::format("The secret access key does not belong to access key id {}", connection.access_key_id),
          "Enter the secret again; it is shown only once when a key is made. If it is lost, make a new key."};
}

Explanation explain_service_error(const CallError& error, const SavedConnection& connection) {
  if (error.is("UnrecognizedClientException") || error.is("InvalidClientTokenId")) {
    if (!connection.session_token.empty()) {
      return {
          fmt::format("The server does not know access key id {} with this session token", connection.access_key_id),
          "Temporary keys come in three parts, all from the same session: get new ones and enter all three."};
    }
    return {fmt::format("The server does not know access key id {}", connection.access_key_id),
            connection.access_key_id.starts_with("ASIA")
                ? "It is a temporary key: enter its session token too."
                : "Check the key id, that the key is active, and that it belongs to this server."};
  }
  if (error.is("InvalidSignatureException") || error.is("SignatureDoesNotMatch"))
    return explain_signature(error, connection);
  if (error.is("RequestTimeTooSkewed") || error.is("RequestExpired")) {
    return {"This machine's clock and the server's differ by more than the server accepts",
            "Set the clock: run a time service such as chrony."};
  }
  if (error.is("ExpiredTokenException") || error.is("ExpiredToken")) {
    return {"The session token has expired", "Get new temporary keys and enter all three parts."};
  }
  if (error.is("IncompleteSignatureException") || error.is("MissingAuthenticationTokenException")) {
    return {"The server cannot read the signature", "Check the access key id: letters and digits, nothing else."};
  }
  if (error.is("AccessDeniedException") || error.is("AccessDenied")) {
    return {"", "Somebody who administers this account has to allow it: attach a policy with the action named above."};
  }
  if (error.is("UnknownOperationException")) return {"", "This endpoint does not have that operation."};
  if (error.status == 407 && has_proxy(connection)) {
    return {fmt::format("Proxy {} wants credentials", peer_of(connection).host_header()),
            "This client has none to give: use a proxy that asks for none, or clear option proxy."};
  }
  // What goes through a proxy unencrypted may be answered by it.
  if (error.is("UnexpectedAnswer") && has_proxy(connection) && !endpoint_of(connection).secure) {
    return {fmt::format("Proxy {} answers, or {} behind it, but not as DynamoDB does",
                        peer_of(connection).host_header(), endpoint_of(connection).host_header()),
            "Check option proxy, that the proxy may reach the endpoint, and host, port and path of the endpoint URL."};
  }
  if (error.is("UnexpectedAnswer")) {
    return {fmt::format("{} answers, but not as DynamoDB does", endpoint_of(connection).host_header()),
            "Check host, port and path of the endpoint URL: another program, or a proxy, has answered."};
  }
  if (error.is("ResourceNotFoundException")) {
    return {"", fmt::format("Check the table's name and the region ({}); list the tables that are there.",
                            connection.region)};
  }
  if (error.status >= 500) return {"", "The server has a problem of its own; try again, and look into its log."};
  return {};
}

}  // namespace

Explanation explain_transport_error(TransportErrorCode code, const std::string& message,
                                    const SavedConnection& connection) {
  const Endpoint endpoint = endpoint_of(connection);
  const Endpoint peer = peer_of(connection);
  const bool proxy = has_proxy(connection);
  const std::string where = fmt::format("{}{}:{}", proxy ? "proxy " : "", peer.host, peer.port);
  switch (code) {
    case TransportErrorCode::kNameNotFound:
      if (proxy) return {fmt::format("There is no host {}", peer.host), "Check the host in option proxy."};
      if (connection.endpoint.empty()) {
        return {fmt::format("There is no host {}", endpoint.host),
                fmt::format("Check the region ('{}'), or set an endpoint URL if this is not AWS.", connection.region)};
      }
      return {fmt::format("There is no host {}", endpoint.host),
              "Check the host in the endpoint URL, and the name server."};
    case TransportErrorCode::kForbiddenAddress: return {"", "Connect to the server by an address of its own."};
    case TransportErrorCode::kProxy:
      return {"",
              "Ask whoever runs the proxy to let this machine reach the endpoint (many allow port 443 alone, or want "
              "credentials, which this client does not give), or clear option proxy."};
    case TransportErrorCode::kRefused:
      if (proxy) return {"Nothing listens on " + where, "Start the proxy, or correct option proxy."};
      return {fmt::format("Nothing listens on {}", where),
              "Start the server, or correct the port in the endpoint URL."};
    case TransportErrorCode::kTimedOut:
      return {fmt::format("{} did not answer in time", where),
              "Check the address, and that no firewall is in between; slow networks need options connectTimeoutMs and "
              "requestTimeoutMs."};
    case TransportErrorCode::kTls: return explain_tls(message, connection);
    case TransportErrorCode::kClosed:
      return {fmt::format("{} closed the connection without an answer", where),
              endpoint.secure
                  ? "The server may not allow this machine's address: check its allow-list (--allow-ip)."
                  : "The server may not allow this machine's address (its allow-list, --allow-ip), or it expects "
                    "TLS: try https://."};
    case TransportErrorCode::kNotHttp:
      return {fmt::format("What listens on {} does not speak HTTP", where),
              endpoint.secure ? "Check host and port of the endpoint URL."
                              : "Check the port; if it expects TLS, use https://."};
    case TransportErrorCode::kIo: return {"", "Check the network between this machine and the server."};
  }
  return {};
}

Explanation explain_error(const CallError& error, const SavedConnection& connection) {
  switch (error.kind) {
    case CallError::Kind::kTransport: return explain_transport_error(error.transport, error.message, connection);
    case CallError::Kind::kCredentials:
    case CallError::Kind::kService: return explain_service_error(error, connection);
    case CallError::Kind::kNotSent: return {};
  }
  return {};
}

}  // namespace armature::connector
