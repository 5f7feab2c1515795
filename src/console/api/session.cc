#include "console/api/session.h"

#include <algorithm>
#include <chrono>

#include "base/executor.h"
#include "base/log.h"
#include "console/sign_in.h"

namespace armature::console {
namespace {

struct PrincipalName {
  std::string_view kind;
  std::string name;
};

// "arn:aws:iam::123:user/a/b/ann" is ann, "arn:aws:sts::123:assumed-role/role/session" is role/session.
PrincipalName name_of(const auth::Identity& identity) {
  const std::string& arn = identity.principal_arn;
  switch (identity.kind) {
    case auth::PrincipalKind::kRoot: return {"root", "root"};
    case auth::PrincipalKind::kUser: return {"user", arn.substr(arn.rfind('/') + 1)};
    case auth::PrincipalKind::kSession: return {"session", arn.substr(std::min(arn.find('/'), arn.size() - 1) + 1)};
  }
  return {};
}

void write_session(const Services& services, ApiCall* call) {
  const SignedIn& who = *call->who;
  const PrincipalName principal = name_of(*who.identity);
  wire::JsonWriter writer(&call->reply);
  writer.begin_object();
  writer.key("principal");
  writer.begin_object();
  writer.member("arn", who.identity->principal_arn);
  writer.member("accountId", who.identity->account_id);
  writer.member("kind", principal.kind);
  writer.member("name", principal.name);
  writer.member("userId", who.identity->user_id);
  writer.end_object();
  writer.member("consoleRole", to_string(who.role));
  writer.member("csrfToken", who.session.csrf_token);
  writer.member("expiresAt", expires_at_s(who.session, services.options.session_limits));
  writer.member("region", services.database.options.default_region);
  writer.end_object();
}

Unexpected<ApiError> wrong_credentials() {
  return refuse(401, "SignInFailed", "These credentials do not sign in here.",
                "Check them, and that the key is active.");
}

// `name`: the principal's ARN, or what a failed attempt called itself.
void audit_sign_in(const Services& services, const ApiCall& call, std::string_view name, std::string_view key_id,
                   std::string_view denied_because) {
  if (services.options.audit_log == nullptr) return;
  api::write_event(services.options.audit_log, services.database.clock,
                   {.event = "sign-in",
                    .request_id = call.request.request_id,
                    .principal = name,
                    .access_key_id = key_id,
                    .source = call.request.peer_address,
                    .action = "console:SignIn",
                    .outcome = denied_because.empty() ? "allowed" : "denied",
                    .reason = denied_because});
}

}  // namespace

Task<ApiResult<void>> sign_in(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const auto key_id, optional_text(*call.body, "accessKeyId"));
  CO_TRY_ASSIGN(const auto secret, optional_text(*call.body, "secretAccessKey"));
  CO_TRY_ASSIGN(const auto session_token, optional_text(*call.body, "sessionToken"));
  CO_TRY_ASSIGN(const auto user_name, optional_text(*call.body, "userName"));
  CO_TRY_ASSIGN(const auto password, optional_text(*call.body, "password"));
  const std::string_view name = key_id ? *key_id : user_name.value_or("");
  if (!key_id && !user_name && !services.options.dev) co_return wrong_credentials();

  const auto wait_ms = services.delay.admit(call.request.peer_address, name);
  if (!wait_ms) {
    co_return refuse(429, "TooManyAttempts", "Too many attempts to sign in have failed.", "Wait a minute.");
  }
  if (*wait_ms > 0) co_await SleepFor(std::chrono::milliseconds(*wait_ms));
  const auth::AccessKey key{std::string(key_id.value_or("")), Secret(std::string(secret.value_or(""))),
                            std::string(session_token.value_or(""))};
  ApiResult<std::shared_ptr<const auth::Identity>> identity = wrong_credentials();
  if (user_name && !key_id) {
    std::string user(*user_name);
    Secret tried(std::string(password.value_or("")));
    identity = co_await verify_password(services, std::move(user), std::move(tried));
  } else {
    identity = verify_key(services, call, key);
  }
  if (!identity) {
    services.delay.failed(call.request.peer_address, name);
    log(LogLevel::kWarning, "console: sign-in failed",
        {{"peer", call.request.peer_address}, {"name", name}, {"reason", identity.error().message}});
    audit_sign_in(services, call, user_name.value_or(""), key_id.value_or(""), identity.error().message);
    if (identity.error().status == 401) co_return wrong_credentials();
    co_return Unexpected(std::move(identity).error());
  }
  services.delay.succeeded(call.request.peer_address, name);
  start_session(services, &call, std::move(*identity), key.session_token);
  log(LogLevel::kInfo, "console: signed in",
      {{"peer", call.request.peer_address}, {"principal", call.who->identity->principal_arn}});
  audit_sign_in(services, call, call.who->identity->principal_arn, call.who->identity->access_key_id, {});
  write_session(services, &call);
  co_return ApiResult<void>();
}

Task<ApiResult<void>> get_session(Services& services, ApiCall& call) {
  write_session(services, &call);
  co_return ApiResult<void>();
}

Task<ApiResult<void>> sign_out(Services& services, ApiCall& call) {
  log(LogLevel::kInfo, "console: signed out",
      {{"peer", call.request.peer_address}, {"principal", call.who->identity->principal_arn}});
  call.set_cookie = remove_cookie_header(call.request.secure);
  call.status = 204;
  const std::int64_t now_s = services.database.clock.now_s();
  const auto ended = co_await services.ended.end(call.who->session, services.options.session_limits, now_s);
  if (!ended) co_return refuse(500, "StorageFailed", ended.error().message);
  co_return ApiResult<void>();
}

}  // namespace armature::console
