#include "console/sign_in.h"

#include <array>

#include "auth/identity/identity_store.h"
#include "auth/secrets/password_hash.h"
#include "auth/sigv4/signer.h"
#include "base/worker_thread.h"
#include "console/roles.h"

namespace armature::console {
namespace {

// As every client of STS asks who it is. The answer needs no permission, so the signature alone decides.
constexpr std::string_view kWhoAmI = "Action=GetCallerIdentity&Version=2011-06-15";

ApiResult<std::shared_ptr<const auth::Identity>> authenticate(const Services& services, ApiCall& call,
                                                              const auth::AccessKey& key) {
  std::vector<Header> headers{{"Host", "localhost"}};
  const auth::SignedRequest to_sign{.method = "POST", .target = "/", .headers = headers, .body = kWhoAmI};
  const auth::sigv4::SigningTarget target{services.database.options.default_region, "sts"};
  const auto signature = auth::sigv4::sign(to_sign, key, target, services.database.clock.now_s());
  headers.push_back({"X-Amz-Date", signature.amz_date});
  if (!signature.security_token.empty()) headers.push_back({"X-Amz-Security-Token", signature.security_token});
  headers.push_back({"Authorization", signature.authorization});
  const auth::SignedRequest sent{.method = "POST", .target = "/", .headers = headers, .body = kWhoAmI};
  auto caller = services.authenticator.authenticate(sent, "sts", call.arena);
  if (!caller) return refuse(401, "SignInFailed", caller.error().message);
  return std::move(caller->identity);
}

bool is_usable(const auth::Identity& identity, std::int64_t now_s) {
  return identity.active && (!identity.expires_at_s || *identity.expires_at_s > now_s);
}

void set_role(const Services& services, const ApiCall& call, SignedIn* who) {
  const auto given = given_role(services, *who->identity);
  who->role_given = given.has_value();
  who->role = given ? *given : derived_role(services, call, *who->identity);
}

}  // namespace

ApiResult<std::shared_ptr<const auth::Identity>> verify_key(const Services& services, ApiCall& call,
                                                            const auth::AccessKey& key) {
  return authenticate(services, call, key);
}

Task<ApiResult<std::shared_ptr<const auth::Identity>>> verify_password(Services& services, std::string user_name,
                                                                       Secret password) {
  const auto wrong = [] { return refuse(401, "SignInFailed", "the user or the password is wrong"); };
  const auth::UserRef user = services.database.identities->identities()->user(user_name);
  // A user that does not exist, or has no password, takes as long as a wrong password.
  static const std::string kNoPassword = auth::hash_password(Secret("nobody's"));
  const std::string stored = user != nullptr && user->login ? user->login->password_hash : kNoPassword;
  bool matches = false;
  co_await services.database.worker->run([&] { matches = auth::password_matches(password, stored); });
  if (!matches || user == nullptr || !user->login) co_return wrong();
  for (const auth::UserAccessKey& key : user->access_keys) {
    if (!key.active) continue;
    auto identity = services.credentials.find(key.id, {});
    if (identity != nullptr) co_return std::move(identity);
  }
  co_return refuse(403, "NotAllowed", "The user has no active access key for the console to act with.",
                   "Ask an administrator for a key.");
}

void start_session(const Services& services, ApiCall* call, std::shared_ptr<const auth::Identity> identity,
                   std::string session_token) {
  SignedIn who;
  who.session = begin_session(identity->access_key_id, std::move(session_token), services.database.clock.now_s());
  who.identity = std::move(identity);
  set_role(services, *call, &who);
  call->set_cookie = set_cookie_header(services.seal.seal(who.session), services.options.session_limits.longest_s,
                                       call->request.secure);
  call->who = std::move(who);
}

Task<std::optional<SignedIn>> find_session(Services& services, const ApiCall& call) {
  const auto cookie = find_cookie(call.request.header("Cookie"), kSessionCookie);
  if (!cookie) co_return std::optional<SignedIn>();
  auto session = services.seal.open(*cookie);
  const std::int64_t now_s = services.database.clock.now_s();
  if (!session || expires_at_s(*session, services.options.session_limits) <= now_s) co_return std::optional<SignedIn>();

  // A storage that does not answer ends nothing, and lets nobody in.
  const auto ended = co_await services.ended.has_ended(*session);
  if (!ended || *ended) co_return std::optional<SignedIn>();

  SignedIn who;
  if (session->access_key_id.empty()) {
    // Sealed by a server that asks for no credentials; good only where this still is one.
    if (!services.options.dev) co_return std::optional<SignedIn>();
    const auth::SignedRequest nothing;
    auto caller = services.authenticator.authenticate(nothing, "sts", call.arena);
    if (!caller) co_return std::optional<SignedIn>();
    who.identity = std::move(caller->identity);
  } else {
    who.identity = services.credentials.find(session->access_key_id, session->session_token);
  }
  if (who.identity == nullptr || !is_usable(*who.identity, now_s)) co_return std::optional<SignedIn>();
  who.session = std::move(*session);
  set_role(services, call, &who);
  co_return std::optional<SignedIn>(std::move(who));
}

void keep_session(const Services& services, ApiCall* call) {
  Session& session = call->who->session;
  const std::int64_t now_s = services.database.clock.now_s();
  if (now_s - session.used_at_s < services.options.session_limits.use_resolution_s) return;
  session.used_at_s = now_s;
  call->set_cookie =
      set_cookie_header(services.seal.seal(session),
                        session.begun_at_s + services.options.session_limits.longest_s - now_s, call->request.secure);
}

}  // namespace armature::console
