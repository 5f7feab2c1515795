#include "connector/sts.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <ctime>

#include "connector/xml_text.h"

namespace armature::connector {
namespace {

CallError unreadable(const CallReply& reply) {
  CallError error;
  error.type = "UnexpectedAnswer";
  error.message = "the answer is not the XML that STS sends";
  error.request_id = reply.request_id;
  error.body = reply.body;
  return error;
}

// "2026-01-31T12:00:00Z", with or without a fraction.
std::optional<std::int64_t> parse_time(const std::string& text) {
  std::tm parts{};
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                  &parts.tm_hour, &parts.tm_min, &parts.tm_sec) != 6) {
    return std::nullopt;
  }
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return timegm(&parts);
}

std::vector<std::pair<std::string, std::string>> role_parameters(const RoleToAssume& role, bool tags) {
  std::vector<std::pair<std::string, std::string>> parameters{{"RoleArn", role.arn},
                                                              {"RoleSessionName", role.session_name},
                                                              {"DurationSeconds", std::to_string(role.duration_s)}};
  if (!role.external_id.empty()) parameters.emplace_back("ExternalId", role.external_id);
  for (std::size_t i = 0; tags && i < role.session_tags.size(); ++i) {
    parameters.emplace_back(fmt::format("Tags.member.{}.Key", i + 1), role.session_tags[i].first);
    parameters.emplace_back(fmt::format("Tags.member.{}.Value", i + 1), role.session_tags[i].second);
  }
  return parameters;
}

}  // namespace

Task<CallResult<CallerIdentity>> get_caller_identity(Client* client) {
  std::vector<std::pair<std::string, std::string>> none;
  auto reply = co_await client->query_call(Service::kSts, "GetCallerIdentity", std::move(none));
  if (!reply) co_return Unexpected(std::move(reply.error()));
  const auto arn = xml_text(reply->body, "Arn");
  if (!arn) co_return Unexpected(unreadable(*reply));
  CallerIdentity identity;
  identity.arn = *arn;
  identity.account = xml_text(reply->body, "Account").value_or("");
  identity.user_id = xml_text(reply->body, "UserId").value_or("");
  co_return identity;
}

Task<CallResult<RoleSession>> assume_role(Client* client, const RoleToAssume& role) {
  RoleSession session;
  auto reply = co_await client->query_call(Service::kSts, "AssumeRole", role_parameters(role, true));
  const bool tags_refused =
      !reply && !role.session_tags.empty() && reply.error().message.find("sts:TagSession") != std::string::npos;
  if (tags_refused) {
    session.without_tags = true;
    reply = co_await client->query_call(Service::kSts, "AssumeRole", role_parameters(role, false));
  }
  if (!reply) co_return Unexpected(std::move(reply.error()));
  const auto id = xml_text(reply->body, "AccessKeyId");
  const auto secret = xml_text(reply->body, "SecretAccessKey");
  const auto token = xml_text(reply->body, "SessionToken");
  const auto expiration = parse_time(xml_text(reply->body, "Expiration").value_or(""));
  if (!id || !secret || !token || !expiration) co_return Unexpected(unreadable(*reply));
  session.key = auth::AccessKey{*id, Secret(*secret), *token};
  session.expires_at_s = *expiration;
  session.arn = xml_text(reply->body, "Arn").value_or("");
  co_return session;
}

}  // namespace armature::connector
