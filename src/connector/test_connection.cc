#include "connector/test_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "auth/sigv4/timestamp.h"
#include "connector/client.h"
#include "connector/connection.h"
#include "connector/explain_error.h"
#include "connector/open_connection.h"
#include "connector/socket_transport.h"
#include "connector/sts.h"
#include "wire/json_reader.h"

namespace armature::connector {
namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr std::int64_t kSkewWorthSayingS = 300;
constexpr int kTablesToCount = 100;
constexpr std::string_view kMissingTable = "armature-connection-test";

double milliseconds_since(Time began) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

// An endpoint that has no such service, or operation, as far as its refusal tells.
bool not_there(const CallError& error) {
  if (error.kind == CallError::Kind::kTransport) return error.transport == TransportErrorCode::kNotHttp;
  return error.is("UnknownOperationException") || error.is("InvalidAction") || error.is("UnexpectedAnswer") ||
         error.is("SerializationException") || error.is("UnknownOperation") || error.is("MissingAction") ||
         error.status == 404 || error.status == 405 || error.status == 501;
}

// DynamoDB, asked as if it were STS, may look at the signature first; DynamoDB Local fails with InternalFailure.
bool no_sts(const CallError& error) {
  return not_there(error) || error.is("InternalFailure") ||
         error.message.find("Credential should be scoped to correct service") != std::string::npos;
}

bool denied(const CallError& error) { return error.is("AccessDeniedException") || error.is("AccessDenied"); }

// A key that no item has, of the types the table wants.
std::optional<std::string> made_up_key(const wire::Json& table) {
  const wire::Json* const schema = table.find("KeySchema");
  const wire::Json* const definitions = table.find("AttributeDefinitions");
  if (schema == nullptr || definitions == nullptr) return std::nullopt;
  std::string text;
  wire::JsonWriter key(&text);
  key.begin_object();
  for (const wire::Json& element : schema->elements) {
    const wire::Json* const name = element.find("AttributeName");
    if (name == nullptr) return std::nullopt;
    std::string_view type = "S";
    for (const wire::Json& definition : definitions->elements) {
      const wire::Json* const defined = definition.find("AttributeName");
      const wire::Json* const kind = definition.find("AttributeType");
      if (defined != nullptr && kind != nullptr && defined->text == name->text) type = kind->text;
    }
    key.key(name->text);
    key.begin_object();
    key.member(type, type == "N" ? "0" : type == "B" ? "AA==" : kMissingTable);
    key.end_object();
  }
  key.end_object();
  return text;
}

std::string table_request(std::string_view table, std::string_view key = {}) {
  std::string text;
  wire::JsonWriter request(&text);
  request.begin_object();
  request.member("TableName", table);
  if (!key.empty()) request.key("Key"), request.raw(key);
  request.end_object();
  return text;
}

class Test {
 public:
  Test(LoopThread* loop, const SavedConnection& connection, const Clock* clock,
       std::function<void(const TestStep&)> progress)
      : loop_(loop),
        connection_(connection),
        clock_(clock),
        progress_(std::move(progress)),
        settings_(read_settings(connection.options)),
        transport_(socket_transport_of(connection, loop)),
        fixed_(auth::AccessKey{connection.access_key_id, connection.secret_access_key,
                               std::string(connection.session_token.reveal())}),
        credentials_(&fixed_) {}

  Task<TestReport> run() {
    co_await reach();
    if (!failed_) co_await identity();
    if (!failed_) co_await role();
    if (!failed_) co_await tables();
    if (!failed_) co_await read();
    if (!failed_) co_await dialect();
    finish();
    co_return std::move(report_);
  }

 private:
  std::chrono::milliseconds left() const {
    const auto used = std::chrono::steady_clock::now() - began_;
    return std::max(std::chrono::milliseconds(1),
                    std::chrono::duration_cast<std::chrono::milliseconds>(kTestLimit - used));
  }

  // Steps are begun, then settled with one of the following.
  void begin(std::string_view id, std::string_view title) {
    step_ = TestStep{};
    step_.id = id;
    step_.title = title;
    step_began_ = std::chrono::steady_clock::now();
  }
  void settle(StepStatus status, std::string detail, std::string remedy = {}) {
    step_.status = status;
    step_.detail = std::move(detail);
    step_.remedy = std::move(remedy);
    step_.milliseconds = status == StepStatus::kSkipped ? 0 : milliseconds_since(step_began_);
    if (status == StepStatus::kFailed) failed_ = true;
    if (progress_) progress_(step_);
    report_.steps.push_back(step_);
  }
  void settle(StepStatus status, const CallError& error) {
    const Explanation why = explain_error(error, connection_);
    settle(status, why.cause.empty() ? error.text() : fmt::format("{} ({})", why.cause, error.text()), why.remedy);
  }
  void settle_transport_failure(const TransportError& error) {
    const Explanation why = explain_transport_error(error.code, error.message, connection_);
    settle(StepStatus::kFailed, why.cause.empty() ? error.message : fmt::format("{}: {}", why.cause, error.message),
           why.remedy);
  }

  // A client for one step, with the time that is left.
  Client client(CredentialsProvider* credentials) {
    ClientOptions options;
    options.region = connection_.region;
    if (!connection_.endpoint.empty()) options.endpoint = *parse_endpoint(connection_.endpoint);
    if (!connection_.sts_endpoint.empty()) options.sts_endpoint = *parse_endpoint(connection_.sts_endpoint);
    options.max_attempts = 2;
    options.call_deadline = left();
    options.headers = settings_.headers;
    return Client(transport_.get(), credentials, clock_, std::move(options));
  }

  // Steps 1 to 4, on the loop that carries the socket.
  Task<void> reach() {
    const Endpoint endpoint = connection_.endpoint.empty() ? regional_endpoint(Service::kDynamoDb, connection_.region)
                                                           : *parse_endpoint(connection_.endpoint);
    ConnectionOptions options = connection_options_of(settings_);
    options.connect_timeout = std::min(options.connect_timeout, left());
    options.request_timeout = std::min(options.request_timeout, left());
    Executor* const home = Executor::current();
    auto socket = std::make_unique<Connection>(loop_->loop(), &endpoint, options);

    begin("connect", "Resolve and connect");
    co_await ResumeOn(loop_->loop());
    auto connected = co_await socket->connect_tcp();
    co_await ResumeOn(home);
    if (!connected) {
      settle_transport_failure(connected.error());
    } else {
      settle(StepStatus::kPassed, fmt::format("{} {} {}", endpoint.host_header(),
                                              settings_.proxy.empty() ? "at" : "through proxy", socket->peer()));
      co_await handshake(endpoint, socket.get(), home);
      if (!failed_) co_await greet(endpoint, socket.get(), home);
    }
    // Sockets end on their loop, where their timers run, and outside of its handling of events.
    co_await ResumeOn(loop_->loop());
    co_await Yield();
    socket.reset();
    co_await ResumeOn(home);
  }

  Task<void> handshake(const Endpoint& endpoint, Connection* socket, Executor* home) {
    begin("tls", "TLS");
    if (!endpoint.secure) {
      settle(StepStatus::kSkipped, "the endpoint is plain http");
      co_return;
    }
    co_await ResumeOn(loop_->loop());
    auto shaken = co_await socket->handshake();
    co_await ResumeOn(home);
    if (!shaken) {
      settle_transport_failure(shaken.error());
      if (!socket->certificate_text().empty())
        report_.steps.back().detail += fmt::format("; the certificate is {}", socket->certificate_text());
    } else if (settings_.skip_verify) {
      settle(StepStatus::kWarning, socket->certificate_text() + ", not verified",
             "Option tls.skipVerify takes any certificate: name the authority in tls.caFile instead.");
    } else {
      settle(StepStatus::kPassed, socket->certificate_text());
    }
  }

  // An unsigned ListTables: DynamoDB refuses it in its own words.
  Task<void> greet(const Endpoint& endpoint, Connection* socket, Executor* home) {
    begin("service", "Is it DynamoDB?");
    HttpRequest request;
    request.endpoint = endpoint;
    request.target = endpoint.path;
    request.headers = {{"Host", endpoint.host_header()},
                       {"Content-Type", "application/x-amz-json-1.0"},
                       {"X-Amz-Target", std::string(target_prefix(Service::kDynamoDb)) + "ListTables"}};
    request.headers.insert(request.headers.end(), settings_.headers.begin(), settings_.headers.end());
    request.body = R"({"Limit":1})";
    const std::string bytes = request_bytes(request, settings_.proxy.empty() == false && !endpoint.secure);
    co_await ResumeOn(loop_->loop());
    auto answer = co_await socket->exchange(bytes);
    HttpReply reply;
    if (answer) reply = std::move(**answer);
    co_await ResumeOn(home);
    if (!answer) {
      settle_transport_failure(answer.error());
      co_return;
    }
    judge_greeting(reply);
    if (!failed_) judge_clock(reply);
  }

  void judge_greeting(const HttpReply& reply) {
    const std::string_view server = reply.header("server");
    const std::string name = server.empty() ? std::string() : fmt::format(" ({})", server);
    if (reply.status == 200) {
      Arena arena;
      const auto json = wire::parse_json(reply.body, &arena);
      if (json && (*json)->find("TableNames") != nullptr) {
        return settle(StepStatus::kPassed, fmt::format("it answers unsigned requests{}", name));
      }
      CallError error = read_service_error(reply);
      error.type = "UnexpectedAnswer";
      error.message = fmt::format("HTTP 200 with {}", reply.header("content-type"));
      return settle(StepStatus::kFailed, error);
    }
    const CallError error = read_service_error(reply);
    if (error.is("UnexpectedAnswer") || error.is("UnknownOperationException"))
      return settle(StepStatus::kFailed, error);
    settle(StepStatus::kPassed, fmt::format("it refuses unsigned requests as DynamoDB does{}", name));
  }

  void judge_clock(const HttpReply& reply) {
    begin("clock", "Clock");
    const auto server_time = auth::sigv4::parse_http_date(reply.header("date"));
    if (!server_time) return settle(StepStatus::kSkipped, "the server does not tell its time");
    const std::int64_t skew = *server_time - clock_->now_s();
    if (std::abs(skew) <= kSkewWorthSayingS)
      return settle(StepStatus::kPassed, fmt::format("{} s apart", std::abs(skew)));
    settle(StepStatus::kWarning,
           fmt::format("this machine's clock is off by {} min {} s ({} the server's)", std::abs(skew) / 60,
                       std::abs(skew) % 60, skew > 0 ? "behind" : "ahead of"),
           "Set the clock: run a time service such as chrony. This connector corrects for it, other clients will be "
           "refused.");
  }

  Task<void> identity() {
    begin("identity", "Credentials");
    Client sts = client(&fixed_);
    auto found = co_await get_caller_identity(&sts);
    if (found) {
      identity_ = *found;
      settle(StepStatus::kPassed, fmt::format("{} (account {})", identity_.arn, identity_.account));
    } else if (no_sts(found.error())) {
      report_.unsupported.emplace_back("STS");
      settle(StepStatus::kSkipped, "this endpoint has no STS to ask; the calls below will tell");
    } else if (denied(found.error())) {
      settle(StepStatus::kWarning, found.error());
    } else {
      settle(StepStatus::kFailed, found.error());
    }
  }

  Task<void> role() {
    if (connection_.role_arn.empty()) co_return;
    begin("role", "Role");
    Client sts = client(&fixed_);
    const RoleToAssume wanted = role_of(connection_);
    auto session = co_await assume_role(&sts, wanted);
    if (!session) {
      settle_role_failure(session.error());
      co_return;
    }
    role_ = std::make_unique<FixedCredentials>(session->key);
    credentials_ = role_.get();
    identity_.arn = session->arn;
    std::string detail = fmt::format("{} until {}", session->arn, auth::sigv4::format_timestamp(session->expires_at_s));
    if (session->without_tags) detail += "; its trust policy does not allow sts:TagSession, so UserRole is not passed";
    settle(StepStatus::kPassed, std::move(detail));
  }

  void settle_role_failure(const CallError& error) {
    const std::string& arn = connection_.role_arn;
    if (denied(error)) {
      const bool external_id = !connection_.external_id.empty();
      return settle(
          StepStatus::kFailed,
          fmt::format("Role {} may not be assumed by {} ({})", arn,
                      identity_.arn.empty() ? "these keys" : identity_.arn, error.text()),
          external_id
              ? "Check that the role exists, that its trust policy names this caller, and that the external id is the "
                "one its sts:ExternalId condition asks for."
              : "Check that the role exists and that its trust policy names this caller; if the policy asks for "
                "sts:ExternalId, set the external id.");
    }
    if (error.is("ValidationError") && error.message.find("DurationSeconds") != std::string::npos) {
      return settle(StepStatus::kFailed, fmt::format("The session is too long for role {} ({})", arn, error.text()),
                    "Lower the duration, or raise the role's maximum session duration. A role assumed by a role lasts "
                    "an hour at most.");
    }
    if (error.is("NoSuchEntity"))
      return settle(StepStatus::kFailed, fmt::format("There is no role {} ({})", arn, error.text()),
                    "Check the role's ARN.");
    if (no_sts(error)) {
      return settle(StepStatus::kFailed, fmt::format("This endpoint has no STS that could assume {}", arn),
                    "Leave the role empty, or set an STS endpoint.");
    }
    settle(StepStatus::kFailed, error);
  }

  Task<void> tables() {
    begin("tables", "List tables");
    Client dynamodb = client(credentials_);
    auto reply =
        co_await dynamodb.call(Service::kDynamoDb, "ListTables", fmt::format(R"({{"Limit":{}}})", kTablesToCount));
    if (!reply) {
      listing_denied_ = denied(reply.error());
      settle(listing_denied_ ? StepStatus::kWarning : StepStatus::kFailed, reply.error());
      co_return;
    }
    round_trip_ms_ = std::chrono::duration<double, std::milli>(reply->round_trip).count();
    Arena arena;
    const auto json = wire::parse_json(reply->body, &arena);
    const wire::Json* const names = json ? (*json)->find("TableNames") : nullptr;
    int seen = 0;
    for (const wire::Json& name : names != nullptr ? names->elements : std::span<const wire::Json>()) {
      std::string_view table = name.text;
      if (!table.starts_with(settings_.table_prefix)) continue;
      table.remove_prefix(settings_.table_prefix.size());
      if (!table_allowed(connection_, table)) continue;
      if (seen++ == 0) table_ = name.text;
    }
    const bool more = json && (*json)->find("LastEvaluatedTableName") != nullptr;
    const bool ours = !connection_.endpoint.empty();
    table_count_ = fmt::format("{}{} table{}", seen, more ? " or more" : "", seen == 1 ? "" : "s");
    if (seen > 0 || more) {
      settle(StepStatus::kPassed, *table_count_);
    } else {
      settle(StepStatus::kWarning, fmt::format("no tables in region {}", connection_.region),
             ours ? "Every region is a namespace of its own: if tables are missing, check the region, the table filter "
                    "and the prefix."
                  : "If tables are missing, check the region, the table filter and the account.");
    }
  }

  Task<void> read() {
    begin("read", "Read");
    if (table_.empty()) {
      for (const std::string& pattern : connection_.table_filter) {
        if (table_.empty() && !pattern.ends_with('*')) table_ = settings_.table_prefix + pattern;
      }
    }
    if (table_.empty()) {
      if (listing_denied_) {
        settle(StepStatus::kWarning, "no table is known to try",
               "Name tables in the table filter, so that they can be found without listing.");
      } else {
        settle(StepStatus::kSkipped, "there is no table to read from");
      }
      co_return;
    }
    Client dynamodb = client(credentials_);
    auto described = co_await dynamodb.call(Service::kDynamoDb, "DescribeTable", table_request(table_));
    if (!described) {
      const bool fatal = listing_denied_ && !denied(described.error());
      settle(fatal ? StepStatus::kFailed : StepStatus::kWarning, described.error());
      co_return;
    }
    Arena arena;
    const auto json = wire::parse_json(described->body, &arena);
    const wire::Json* const table = json ? (*json)->find("Table") : nullptr;
    const auto key = table != nullptr ? made_up_key(*table) : std::nullopt;
    if (!key) {
      settle(StepStatus::kWarning, fmt::format("table {} is described without a key schema", table_));
      co_return;
    }
    auto got = co_await dynamodb.call(Service::kDynamoDb, "GetItem", table_request(table_, *key));
    if (got) {
      settle(StepStatus::kPassed, fmt::format("table {} can be described and read", table_));
    } else if (denied(got.error())) {
      settle(StepStatus::kWarning, got.error());
    } else {
      settle(StepStatus::kFailed, got.error());
    }
  }

  Task<void> dialect() {
    begin("dialect", "What it answers");
    struct Probe {
      Service service;
      const char* operation;
      const char* body;
      const char* name;
    };
    const std::string statement =
        fmt::format(R"({{"Statement":"SELECT * FROM \"{0}\" WHERE {0} = 'x'"}})", "armature_connection_test");
    const Probe probes[] = {{Service::kDynamoDb, "DescribeLimits", "{}", "DescribeLimits"},
                            {Service::kStreams, "ListStreams", R"({"Limit":1})", "Streams"},
                            {Service::kDynamoDb, "ExecuteStatement", statement.c_str(), "PartiQL"}};
    std::string missing;
    for (const Probe& probe : probes) {
      Client dynamodb = client(credentials_);
      auto reply = co_await dynamodb.call(probe.service, probe.operation, probe.body);
      const bool there = reply.has_value() || (!not_there(reply.error()) &&
                                               reply.error().message.find("not supported") == std::string::npos);
      if (there) continue;
      report_.unsupported.emplace_back(probe.name);
      missing += (missing.empty() ? "" : ", ") + std::string(probe.name);
    }
    settle(StepStatus::kPassed, missing.empty() ? "limits, streams and PartiQL" : "it does not answer: " + missing);
  }

  void finish() {
    report_.ok = !failed_;
    if (failed_) {
      report_.summary = report_.steps.back().detail;
      return;
    }
    const std::string who = identity_.arn.empty() ? fmt::format("key {}", connection_.access_key_id) : identity_.arn;
    const std::string account = identity_.account.empty() ? "" : fmt::format("account {}, ", identity_.account);
    report_.summary = fmt::format("Connected as {} ({}region {}), {}, {:.0f} ms", who, account, connection_.region,
                                  table_count_.value_or("tables not listed"), std::ceil(round_trip_ms_));
  }

  LoopThread* const loop_;
  const SavedConnection& connection_;
  const Clock* const clock_;
  const std::function<void(const TestStep&)> progress_;
  const ConnectionSettings settings_;
  const std::unique_ptr<Transport> transport_;
  FixedCredentials fixed_;
  std::unique_ptr<FixedCredentials> role_;
  CredentialsProvider* credentials_;

  const Time began_ = std::chrono::steady_clock::now();
  Time step_began_;
  TestStep step_;
  TestReport report_;
  bool failed_ = false;
  CallerIdentity identity_;
  bool listing_denied_ = false;
  std::string table_;  // One to try reading from; as the server knows it.
  std::optional<std::string> table_count_;
  double round_trip_ms_ = 0;
};

}  // namespace

std::string_view step_status_name(StepStatus status) {
  switch (status) {
    case StepStatus::kPassed: return "passed";
    case StepStatus::kWarning: return "warning";
    case StepStatus::kFailed: return "failed";
    case StepStatus::kSkipped: return "skipped";
  }
  return "";
}

Task<TestReport> test_connection(LoopThread* loop, const SavedConnection& connection, const Clock* clock,
                                 std::function<void(const TestStep&)> progress) {
  const std::vector<FieldError> errors = validate(connection);
  if (!errors.empty()) {
    TestReport report;
    TestStep step;
    step.id = "fields";
    step.title = "Fields";
    step.status = StepStatus::kFailed;
    for (const FieldError& error : errors)
      step.detail += fmt::format("{}{}: {}", step.detail.empty() ? "" : "; ", error.field, error.message);
    step.remedy = "Correct what is named.";
    if (progress) progress(step);
    report.summary = step.detail;
    report.steps.push_back(std::move(step));
    co_return report;
  }
  Test test(loop, connection, clock, std::move(progress));
  co_return co_await test.run();
}

void write_step(const TestStep& step, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member("id", step.id);
  writer->member("title", step.title);
  writer->member("status", step_status_name(step.status));
  writer->key("ms"), writer->real(std::round(step.milliseconds * 10) / 10);
  writer->member("detail", step.detail);
  writer->member("remedy", step.remedy);
  writer->end_object();
}

void write_report(const TestReport& report, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member_bool("ok", report.ok);
  writer->member("summary", report.summary);
  writer->key("steps");
  writer->begin_array();
  for (const TestStep& step : report.steps) write_step(step, writer);
  writer->end_array();
  writer->key("unsupported");
  writer->begin_array();
  for (const std::string& name : report.unsupported) writer->string(name);
  writer->end_array();
  writer->end_object();
}

}  // namespace armature::connector
