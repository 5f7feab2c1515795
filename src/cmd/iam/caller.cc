#include "cmd/iam/caller.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/thread_executor.h"
#include "connector/xml_text.h"

namespace armature::cmd {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts) {
    if (!text.empty()) return text;
  }
  return {};
}

// What to do about an error, where there is one thing to do.
std::string_view remedy(const connector::CallError& error) {
  if (error.is("InvalidClientTokenId") || error.is("UnrecognizedClientException")) {
    return "The server does not know this access key: check which keys are in use, or name others with --profile.";
  }
  if (error.is("SignatureDoesNotMatch")) return "The secret access key does not belong to the access key id.";
  if (error.is("ExpiredToken")) return "The session has expired: get new temporary keys.";
  if (error.is("AccessDenied") || error.is("AccessDeniedException")) {
    return "Use keys that may do this, such as the server's root keys.";
  }
  return {};
}

CommandError no_credentials() {
  return {"",
          "there are no keys to sign with: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with "
          "--profile, or run this where the server keeps its armature-data.credentials"};
}

}  // namespace

void add_caller_options(CLI::App* command, CallerOptions* options) {
  command->add_option("--endpoint", options->endpoint,
                      "Server, as http://127.0.0.1:8000 (the default; also AWS_ENDPOINT_URL)");
  command->add_option("--region", options->region, "Region to sign for; default AWS_REGION or us-east-1");
  command->add_option("--profile", options->profile, "Profile of the AWS configuration to take keys from");
  command->add_option("--ca-file", options->ca_file, "Certificates to trust (PEM)")->envname("AWS_CA_BUNDLE");
  command->add_flag("--json", options->json, "Print JSON");
}

std::string XmlReply::text(std::string_view element) const {
  return connector::xml_text(xml_, element).value_or(std::string());
}

std::vector<XmlReply> XmlReply::members(std::string_view list) const {
  std::vector<XmlReply> members;
  for (std::string& member : connector::xml_members(xml_, list)) members.emplace_back(std::move(member));
  return members;
}

Caller::Caller(const connector::Endpoint& endpoint, std::string endpoint_text, std::string region, auth::AccessKey key,
               const std::string& ca_file)
    : endpoint_(std::move(endpoint_text)),
      region_(std::move(region)),
      transport_(&loop_, {.connection = {.request_timeout = std::chrono::seconds(30), .ca_file = ca_file}}),
      credentials_(std::move(key)),
      client_(&transport_, &credentials_, &clock_,
              {.region = region_, .endpoint = endpoint, .sts_endpoint = std::nullopt}) {}

CommandResult<std::unique_ptr<Caller>> Caller::open(const CallerOptions& options) {
  const std::string named_profile = first_of({options.profile, environment("AWS_PROFILE")});
  const AwsProfile profile = read_aws_profile(named_profile.empty() ? "default" : named_profile);
  auth::AccessKey key{environment("AWS_ACCESS_KEY_ID"), Secret(environment("AWS_SECRET_ACCESS_KEY")),
                      environment("AWS_SESSION_TOKEN")};
  // A profile that is asked for by name wins over the environment, as in the AWS CLI.
  if (!options.profile.empty() || key.id.empty() || key.secret.empty()) key = profile.key;
  if (key.id.empty() && named_profile.empty()) key = read_server_credentials("armature-data.credentials");
  if (key.id.empty() && !options.profile.empty()) {
    return Unexpected(CommandError{"", "the profile " + options.profile +
                                           " holds no keys; `aws configure list-profiles` "
                                           "tells which there are"});
  }
  if (key.id.empty()) return Unexpected(no_credentials());

  const std::string endpoint_text =
      first_of({options.endpoint, environment("AWS_ENDPOINT_URL_IAM"), environment("AWS_ENDPOINT_URL"),
                profile.endpoint_url, "http://127.0.0.1:8000"});
  const auto endpoint = connector::parse_endpoint(endpoint_text);
  if (!endpoint) return Unexpected(CommandError{"", "--endpoint: " + endpoint.error()});
  const std::string region = first_of(
      {options.region, environment("AWS_REGION"), environment("AWS_DEFAULT_REGION"), profile.region, "us-east-1"});
  return std::unique_ptr<Caller>(new Caller(*endpoint, endpoint_text, region, std::move(key), options.ca_file));
}

CommandError Caller::explain(const connector::CallError& error) const {
  if (error.kind == connector::CallError::Kind::kTransport) {
    return {error.type, fmt::format("no answer from {}: {}; is the server running, and is --endpoint right?", endpoint_,
                                    error.message)};
  }
  std::string message = error.message;
  const std::string_view next = remedy(error);
  // Errors of signatures carry the whole canonical request behind the first line.
  message = message.substr(0, message.find('\n'));
  if (!next.empty()) message.append("\n").append(next);
  return {error.type, std::move(message)};
}

CommandResult<XmlReply> Caller::iam(std::string action, Parameters parameters) {
  auto reply = sync_wait(client_.query_call(connector::Service::kIam, std::move(action), std::move(parameters)));
  if (!reply) return Unexpected(explain(reply.error()));
  return XmlReply(std::move(reply->body));
}

CommandResult<XmlReply> Caller::sts(std::string action, Parameters parameters) {
  auto reply = sync_wait(client_.query_call(connector::Service::kSts, std::move(action), std::move(parameters)));
  if (!reply) return Unexpected(explain(reply.error()));
  return XmlReply(std::move(reply->body));
}

CommandResult<std::vector<XmlReply>> Caller::iam_list(const std::string& action, Parameters parameters,
                                                      std::string_view list) {
  std::vector<XmlReply> all;
  for (std::string marker;;) {
    Parameters page = parameters;
    page.emplace_back("MaxItems", "1000");
    if (!marker.empty()) page.emplace_back("Marker", marker);
    TRY_ASSIGN(const XmlReply reply, iam(action, std::move(page)));
    for (XmlReply& member : reply.members(list)) all.push_back(std::move(member));
    marker = reply.text("IsTruncated") == "true" ? reply.text("Marker") : "";
    if (marker.empty()) return all;
  }
}

CommandResult<std::string> Caller::json(connector::Service service, std::string operation, std::string body) {
  auto reply = sync_wait(client_.call(service, std::move(operation), std::move(body)));
  if (!reply) return Unexpected(explain(reply.error()));
  return std::move(reply->body);
}

CommandResult<std::string> Caller::account_id() {
  if (account_id_.empty()) {
    TRY_ASSIGN(const XmlReply reply, sts("GetCallerIdentity", {}));
    account_id_ = reply.text("Account");
  }
  return account_id_;
}

int report(std::string_view command, const CommandError& error) {
  fmt::print(stderr, "armature {}: {}{}{}\n", command, error.type, error.type.empty() ? "" : ": ", error.message);
  return 1;
}

void Table::print(bool json) const {
  if (json) {
    Bytes text;
    wire::JsonWriter writer(&text);
    writer.begin_array();
    for (const auto& row : rows_) {
      writer.begin_object();
      for (std::size_t i = 0; i < headings_.size(); ++i) writer.member(headings_[i], row[i]);
      writer.end_object();
    }
    writer.end_array();
    fmt::print("{}\n", text);
    return;
  }
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    std::size_t width = headings_[i].size();
    for (const auto& row : rows_) width = std::max(width, row[i].size());
    widths.push_back(width);
  }
  const auto print_row = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      fmt::print("{:<{}}{}", row[i], last ? 0 : widths[i], last ? "\n" : "  ");
    }
  };
  print_row(headings_);
  for (const auto& row : rows_) print_row(row);
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 2 >= text.size()) {
      out.push_back(text[i]);
      continue;
    }
    out.push_back(static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16)));
    i += 2;
  }
  return out;
}

CommandResult<std::string> read_text(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream input(file);
  if (!input) return Unexpected(CommandError{"", "cannot read " + file});
  return std::string(std::istreambuf_iterator<char>(input), {});
}

}  // namespace armature::cmd
