// DynamoDbClient: signed DynamoDB calls over one connection, one at a time. Retries and pools are for those who build
// on it. Belongs to one ClientLoop and is used on its thread only. Source: Developer Guide, "DynamoDB low-level API".
#pragma once

#include <string>
#include <string_view>

#include "auth/credentials.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "connector/connection.h"

namespace armature::connector {

struct ClientIdentity {
  auth::AccessKey key;
  std::string region = "us-east-1";
};

class DynamoDbClient {
 public:
  // Everything passed by pointer must outlive the client.
  DynamoDbClient(ClientLoop* loop, const Endpoint* endpoint, const ClientIdentity* identity, const Clock* clock,
                 ConnectionOptions options);

  // Calls `operation` ("PutItem") with a JSON body. The reply, whatever its status, is valid until the next call.
  Task<Expected<HttpReply*, TransportError>> call(std::string_view operation, std::string_view body);
  // An unsigned GET.
  Task<Expected<HttpReply*, TransportError>> get(std::string_view path);

 private:
  void write_request(std::string_view operation, std::string_view body);

  Connection connection_;
  const Endpoint* const endpoint_;
  const ClientIdentity* const identity_;
  const Clock* const clock_;
  const std::string host_;
  Bytes target_;  // X-Amz-Target. This and the request are reused.
  Bytes request_;
};

}  // namespace armature::connector
