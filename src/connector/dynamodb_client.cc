#include "connector/dynamodb_client.h"

#include <array>

#include "auth/sigv4/signer.h"

namespace armature::connector {
namespace {

constexpr std::string_view kTargetPrefix = "DynamoDB_20120810.";
constexpr std::string_view kContentType = "application/x-amz-json-1.0";

void append_header(Bytes* out, std::string_view name, std::string_view value) {
  out->append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

DynamoDbClient::DynamoDbClient(ClientLoop* loop, const Endpoint* endpoint, const ClientIdentity* identity,
                               const Clock* clock, ConnectionOptions options)
    : connection_(loop, endpoint, std::move(options)),
      endpoint_(endpoint),
      identity_(identity),
      clock_(clock),
      host_(endpoint->host_header()) {}

void DynamoDbClient::write_request(std::string_view operation, std::string_view body) {
  // Operations of other services of the endpoint, such as "DynamoDBStreams_20120810.GetRecords", come with theirs.
  const bool has_prefix = operation.find('.') != std::string_view::npos;
  target_.assign(has_prefix ? std::string_view() : kTargetPrefix).append(operation);
  const std::array<Header, 3> headers{Header{"Host", host_}, Header{"Content-Type", kContentType},
                                      Header{"X-Amz-Target", target_}};
  const auth::SignedRequest unsigned_request{"POST", endpoint_->path, headers, body};
  const auth::sigv4::SignatureHeaders signature =
      auth::sigv4::sign(unsigned_request, identity_->key, {identity_->region, "dynamodb"}, clock_->now_s());
  request_.clear();
  request_.append("POST ").append(endpoint_->path).append(" HTTP/1.1\r\n");
  for (const Header& header : headers) append_header(&request_, header.name, header.value);
  append_header(&request_, "X-Amz-Date", signature.amz_date);
  if (!signature.security_token.empty()) append_header(&request_, "X-Amz-Security-Token", signature.security_token);
  append_header(&request_, "Authorization", signature.authorization);
  append_header(&request_, "Content-Length", std::to_string(body.size()));
  request_.append("\r\n").append(body);
}

Task<Expected<HttpReply*, TransportError>> DynamoDbClient::call(std::string_view operation, std::string_view body) {
  write_request(operation, body);
  co_return co_await connection_.exchange(request_);
}

Task<Expected<HttpReply*, TransportError>> DynamoDbClient::get(std::string_view path) {
  request_.clear();
  request_.append("GET ").append(path).append(" HTTP/1.1\r\n");
  append_header(&request_, "Host", host_);
  request_.append("\r\n");
  co_return co_await connection_.exchange(request_);
}

}  // namespace armature::connector
