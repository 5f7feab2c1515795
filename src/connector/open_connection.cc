#include "connector/open_connection.h"

#include <fmt/format.h>

#include "connector/call_rules.h"
#include "connector/socket_transport.h"

namespace armature::connector {
namespace {

constexpr std::string_view kProduct = "armature-connector";

ClientOptions client_options(const SavedConnection& connection, const ConnectionSettings& settings) {
  ClientOptions options;
  options.region = connection.region;
  if (!connection.endpoint.empty()) options.endpoint = *parse_endpoint(connection.endpoint);  // Validated.
  if (!connection.sts_endpoint.empty()) options.sts_endpoint = *parse_endpoint(connection.sts_endpoint);
  options.max_attempts = settings.max_attempts;
  options.retry_mode = settings.retry_mode;
  options.user_agent = settings.user_agent_suffix.empty() ? std::string(kProduct)
                                                          : fmt::format("{} {}", kProduct, settings.user_agent_suffix);
  options.headers = settings.headers;
  return options;
}

}  // namespace

ConnectionOptions connection_options_of(const ConnectionSettings& settings) {
  ConnectionOptions options;
  options.connect_timeout = settings.connect_timeout;
  options.request_timeout = settings.request_timeout;
  options.ca_file = settings.ca_file;
  options.verify_certificate = !settings.skip_verify;
  options.server_name = settings.server_name;
  options.refuse_cloud_metadata = true;
  if (!settings.proxy.empty()) options.proxy = *parse_endpoint(settings.proxy);  // Checked as an option.
  return options;
}

RoleToAssume role_of(const SavedConnection& connection) {
  return {.arn = connection.role_arn,
          .external_id = connection.external_id,
          .session_name = connection.role_session_name.empty() ? default_session_name(connection.name)
                                                               : connection.role_session_name,
          .duration_s = connection.duration_s,
          .session_tags = {{"UserRole", std::string(user_role_name(connection.user_role))}}};
}

std::unique_ptr<Transport> socket_transport_of(const SavedConnection& connection, LoopThread* loop) {
  const ConnectionSettings settings = read_settings(connection.options);
  SocketTransportOptions options;
  options.connection = connection_options_of(settings);
  options.max_connections = settings.max_connections;
  return std::make_unique<SocketTransport>(loop, std::move(options));
}

OpenConnection::OpenConnection(SavedConnection connection, std::unique_ptr<Transport> transport, const Clock* clock)
    : connection_(std::move(connection)),
      settings_(read_settings(connection_.options)),
      clock_(clock),
      transport_(std::move(transport)),
      fixed_(auth::AccessKey{connection_.access_key_id, connection_.secret_access_key,
                             std::string(connection_.session_token.reveal())}),
      base_client_(transport_.get(), &fixed_, clock, client_options(connection_, settings_)) {
  if (connection_.role_arn.empty()) return;
  role_ = std::make_unique<AssumedRoleCredentials>(&base_client_, role_of(connection_), clock);
  role_client_ = std::make_unique<Client>(transport_.get(), role_.get(), clock, client_options(connection_, settings_));
}

OpenConnection::~OpenConnection() = default;

Expected<std::unique_ptr<OpenConnection>, std::string> OpenConnection::open(SavedConnection connection,
                                                                            LoopThread* loop, const Clock* clock) {
  std::unique_ptr<Transport> transport = socket_transport_of(connection, loop);
  return open(std::move(connection), std::move(transport), clock);
}

Expected<std::unique_ptr<OpenConnection>, std::string> OpenConnection::open(SavedConnection connection,
                                                                            std::unique_ptr<Transport> transport,
                                                                            const Clock* clock) {
  if (const std::vector<FieldError> errors = validate(connection); !errors.empty()) {
    return Unexpected(fmt::format("{}: {}", errors.front().field, errors.front().message));
  }
  return std::unique_ptr<OpenConnection>(new OpenConnection(std::move(connection), std::move(transport), clock));
}

Task<CallResult<CallReply>> OpenConnection::call(Service service, std::string operation, std::string body) {
  auto permitted = permit_call(connection_, settings_, service, operation, std::move(body));
  if (!permitted) co_return Unexpected(std::move(permitted.error()));
  auto reply = co_await client()->call(service, operation, std::move(*permitted));
  if (reply) reply->body = reveal_reply(connection_, settings_, operation, std::move(reply->body));
  co_return reply;
}

}  // namespace armature::connector
