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
  writer.end_object();
  writer.member("consoleRole", to_string(who.role));
  writer.member("csrfToken", who.session.csrf_token);
  writer.member("expiresAt", expires_at_s(who.session, services.options.session_limits));
  writer.member("region", services.database.options.default_region);
  writer.end_object();
}

Unexpected<ApiError> wrong_credentials() {
  return refuse(401, "SignInFailed", "These credentials do not sign in here.",
                "Check the key id and the secret, and that the key is active.");
}

}  // namespace

Task<ApiResult<void>> sign_in(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const auto key_id, optional_text(*call.body, "accessKeyId"));
  CO_TRY_ASSIGN(const auto secret, optional_text(*call.body, "secretAccessKey"));
  CO_TRY_ASSIGN(const auto session_token, optional_text(*call.body, "sessionToken"));
  if (!key_id && services.options.dev) {
    const auth::AccessKey nobody;
    CO_TRY_ASSIGN(auto root, verify_key(services, call, nobody));
    start_session(services, &call, std::move(root), {});
  } else if (!key_id) {
    co_return wrong_credentials();
  } else {
    const auto wait_ms = services.delay.admit(call.request.peer_address, *key_id);
    if (!wait_ms) {
      co_return refuse(429, "TooManyAttempts", "Too many attempts to sign in have failed.", "Wait a minute.");
    }
    if (*wait_ms > 0) co_await SleepFor(std::chrono::milliseconds(*wait_ms));
    const auth::AccessKey key{std::string(*key_id), Secret(std::string(secret.value_or(""))),
                              std::string(session_token.value_or(""))};
    auto identity = verify_key(services, call, key);
    if (!identity) {
      services.delay.failed(call.request.peer_address, *key_id);
      log(LogLevel::kWarning, "console: sign-in failed",
          {{"peer", call.request.peer_address}, {"access_key_id", *key_id}, {"reason", identity.error().message}});
      co_return wrong_credentials();
    }
    services.delay.succeeded(call.request.peer_address, *key_id);
    start_session(services, &call, std::move(*identity), key.session_token);
  }
  log(LogLevel::kInfo, "console: signed in",
      {{"peer", call.request.peer_address}, {"principal", call.who->identity->principal_arn}});
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
  (void)services;
  co_return ApiResult<void>();
}

}  // namespace armature::console
