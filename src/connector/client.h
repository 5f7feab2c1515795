// Client: signed calls to DynamoDB, Streams, IAM and STS with retries, over any Transport.
//
//   Client client(&transport, &credentials, &clock, options);
//   const auto reply = co_await client.call(Service::kDynamoDb, "ListTables", "{}");
//   if (!reply) return reply.error().text();
//
// Retries are those of Amazon's SDKs in "standard" mode: transient failures (no answer, 500, 502, 503, 504) and
// throttling, with jittered exponential backoff and a budget that runs dry when nearly everything fails. A call that
// got no answer may have run: writes are retried all the same, as the SDKs do; conditional writes and
// ClientRequestToken are there for those who mind.
// Source: SDKs and Tools Reference Guide, "Retry behavior"; Developer Guide, "Error handling with DynamoDB".
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "connector/credentials_provider.h"
#include "connector/retry.h"
#include "connector/service.h"
#include "connector/transport.h"

namespace armature::connector {

struct ClientOptions {
  std::string region = "us-east-1";
  // nullopt: Amazon's, of the region. Serves DynamoDB, Streams and IAM, and STS unless sts_endpoint is set; of Amazon's
  // own DynamoDB endpoint only the region is taken for the other services.
  std::optional<Endpoint> endpoint;
  std::optional<Endpoint> sts_endpoint;
  int max_attempts = 3;
  RetryMode retry_mode = RetryMode::kStandard;
  std::chrono::milliseconds call_deadline{0};  // Over all attempts; 0: none but the transport's own per attempt.
  std::string user_agent = "armature";
  std::vector<std::pair<std::string, std::string>> headers;  // Sent with every request, unsigned.
};

struct CallReply {
  std::string body;
  std::string request_id;
  int attempts = 1;
  std::chrono::nanoseconds round_trip{0};  // Of the last attempt.
  // What the server says it needed (Server-Timing, "total"); nullopt when it says nothing.
  std::optional<double> server_ms;
};

// Why a call has no result.
struct CallError {
  enum class Kind : std::uint8_t {
    kTransport,    // No answer; `transport` says why.
    kService,      // The service refused; `status`, `type`, `message`.
    kCredentials,  // None to sign with: the role could not be assumed.
    kNotSent,      // Refused here: read-only connection, user role, table filter, an unbound variable.
  };
  Kind kind = Kind::kService;
  int status = 0;
  std::string type;  // Without its namespace: "ValidationException"; "NotHttp", "Refused" and so on of transports.
  std::string message;
  std::string request_id;
  std::string body;  // The service's answer as it came, for members beside the message.
  TransportErrorCode transport = TransportErrorCode::kIo;
  bool may_have_run = false;
  int attempts = 1;
  std::optional<std::int64_t> server_time_s;  // The answer's Date.

  bool is(std::string_view name) const { return type == name; }
  // "ValidationException: …", for people: the message's first paragraph, as a refused signature is followed by pages.
  std::string text() const;
};

// An error document of DynamoDB (JSON) or of IAM and STS (XML), taken apart.
CallError read_service_error(const HttpReply& reply);

template <class T>
using CallResult = Expected<T, CallError>;

// Safe from any thread and executor.
class Client {
 public:
  // All pointers must outlive the client.
  Client(Transport* transport, CredentialsProvider* credentials, const Clock* clock, ClientOptions options);
  ~Client();

  // `operation` of a JSON service with a JSON body; the reply's body is JSON. Arguments are copied, so temporaries may
  // be given.
  Task<CallResult<CallReply>> call(Service service, std::string operation, std::string body);
  // `action` of a query service (IAM, STS) with its parameters ("UserName" = "x", "Tags.member.1.Key" = "k"); the
  // reply's body is XML.
  Task<CallResult<CallReply>> query_call(Service service, std::string action,
                                         std::vector<std::pair<std::string, std::string>> parameters);

  const ClientOptions& options() const { return options_; }
  Endpoint endpoint_of(Service service) const;

 private:
  Task<CallResult<CallReply>> call_with_retries(Service service, HttpRequest request);
  // Leaves in `*key` what it signed with.
  Task<CallResult<CallReply>> attempt_once(Service service, const HttpRequest& unsigned_request, auth::AccessKey* key);
  HttpRequest new_request(Service service) const;
  Expected<CallReply, CallError> judge(HttpReply reply) const;
  bool learned_clock_offset(const CallError& error);

  Transport* const transport_;
  CredentialsProvider* const credentials_;
  const Clock* const clock_;
  const ClientOptions options_;
  RetryBudget budget_;
  std::atomic<std::int64_t> clock_offset_s_{0};  // Added to our time when signing: the server's clock is what counts.
};

}  // namespace armature::connector
