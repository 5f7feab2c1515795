#include "api/iam/login_profiles.h"

#include "api/iam/policy_holders.h"
#include "auth/secrets/password_hash.h"

namespace armature::api {
namespace {

constexpr std::size_t kShortestPassword = 8;

// The policy an account has when it has set none. Source: IAM User Guide, "Default password policy".
Result<void> check_password(std::string_view password) {
  if (password.size() < kShortestPassword) {
    return fail(ErrorCode::kPasswordPolicyViolation, "Password should have a minimum length of 8");
  }
  int kinds = 0;
  const auto has = [&](auto matches) {
    for (const char c : password) {
      if (matches(c)) return 1;
    }
    return 0;
  };
  kinds += has([](char c) { return c >= 'a' && c <= 'z'; });
  kinds += has([](char c) { return c >= 'A' && c <= 'Z'; });
  kinds += has([](char c) { return c >= '0' && c <= '9'; });
  kinds += has([](char c) { return std::string_view("!@#$%^&*()_+-=[]{}|'").find(c) != std::string_view::npos; });
  if (kinds >= 3) return {};
  return fail(ErrorCode::kPasswordPolicyViolation,
              "Password should have at least three of: uppercase letters, lowercase letters, numbers, symbols");
}

Unexpected<Error> no_login_profile(std::string_view user_name) {
  return fail(ErrorCode::kNoSuchEntity, "Login Profile for User " + std::string(user_name) + " cannot be found.");
}

void write_login_profile(const QueryCall& call, const std::string& user_name, const auth::LoginProfile& login) {
  call.reply.open("LoginProfile");
  call.reply.element("UserName", user_name);
  call.reply.element("CreateDate", xml_time(login.created_at_s));
  call.reply.element_bool("PasswordResetRequired", login.reset_required);
  call.reply.close();
}

Task<std::string> hash(QueryCall& call, const Secret& password) {
  std::string hashed;
  co_await call.services.worker->run([&] { hashed = auth::hash_password(password); });
  co_return hashed;
}

}  // namespace

Task<Result<void>> create_login_profile(QueryCall& call) {
  Form form(call.parameters);
  const auto given = form.optional_text("UserName", kExistingUserNameRule);
  const Secret password(std::string(form.text("Password", kPasswordRule)));
  const bool reset_required = form.flag("PasswordResetRequired");
  CO_TRY(form.check());
  CO_TRY_ASSIGN(const std::string name, user_or_caller(call, given));
  CO_TRY(authorize(call, user_resource(call, name)));
  CO_TRY(check_password(password.reveal()));
  // Not inside the braces below: g++ 12 destroys what was awaited there twice.
  std::string hashed = co_await hash(call, password);
  const auth::LoginProfile login{std::move(hashed), reset_required, call.services.clock.now_s()};
  const auto create = [&](const auth::Identities&, auth::User* user) -> Result<void> {
    if (user->login) {
      return fail(ErrorCode::kEntityAlreadyExists, "Login Profile for user " + name + " already exists.");
    }
    user->login = login;
    return {};
  };
  CO_TRY(co_await change_entity<UserHolder>(call, name, create));
  write_login_profile(call, name, login);
  co_return Result<void>();
}

Task<Result<void>> get_login_profile(QueryCall& call) {
  Form form(call.parameters);
  const auto given = form.optional_text("UserName", kExistingUserNameRule);
  CO_TRY(form.check());
  CO_TRY_ASSIGN(const std::string name, user_or_caller(call, given));
  CO_TRY(authorize(call, user_resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::UserRef user, find_user(*identities, name));
  if (!user->login) co_return no_login_profile(name);
  write_login_profile(call, user->name, *user->login);
  co_return Result<void>();
}

Task<Result<void>> update_login_profile(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("UserName", kExistingUserNameRule));
  const auto given = form.optional_text("Password", kPasswordRule);
  const auto reset_required = form.optional_flag("PasswordResetRequired");
  CO_TRY(form.check());
  CO_TRY(authorize(call, user_resource(call, name)));
  std::string hashed;
  if (given) {
    CO_TRY(check_password(*given));
    const Secret password{std::string(*given)};
    hashed = co_await hash(call, password);
  }
  const auto update = [&](const auth::Identities&, auth::User* user) -> Result<void> {
    if (!user->login) return no_login_profile(name);
    if (!hashed.empty()) user->login->password_hash = hashed;
    if (reset_required) user->login->reset_required = *reset_required;
    return {};
  };
  co_return co_await change_entity<UserHolder>(call, name, update);
}

Task<Result<void>> delete_login_profile(QueryCall& call) {
  Form form(call.parameters);
  const auto given = form.optional_text("UserName", kExistingUserNameRule);
  CO_TRY(form.check());
  CO_TRY_ASSIGN(const std::string name, user_or_caller(call, given));
  CO_TRY(authorize(call, user_resource(call, name)));
  const auto remove = [&](const auth::Identities&, auth::User* user) -> Result<void> {
    if (!user->login) return no_login_profile(name);
    user->login.reset();
    return {};
  };
  co_return co_await change_entity<UserHolder>(call, name, remove);
}

// Of the caller itself, who proves to know the old one.
Task<Result<void>> change_password(QueryCall& call) {
  Form form(call.parameters);
  const Secret old_password(std::string(form.text("OldPassword", kPasswordRule)));
  const Secret new_password(std::string(form.text("NewPassword", kPasswordRule)));
  CO_TRY(form.check());
  CO_TRY_ASSIGN(const std::string name, user_or_caller(call, std::nullopt));
  CO_TRY(authorize(call, user_resource(call, name)));
  CO_TRY(check_password(new_password.reveal()));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::UserRef known, find_user(*identities, name));
  if (!known->login) co_return no_login_profile(name);
  const std::string old_hash = known->login->password_hash;
  bool matches = false;
  std::string hashed;
  co_await call.services.worker->run([&] {
    matches = auth::password_matches(old_password, old_hash);
    if (matches) hashed = auth::hash_password(new_password);
  });
  if (!matches) co_return fail(ErrorCode::kAccessDenied, "The old password was incorrect.");
  const auto update = [&](const auth::Identities&, auth::User* user) -> Result<void> {
    // The one that was checked has to be the one that is replaced.
    if (!user->login || user->login->password_hash != old_hash) return no_login_profile(name);
    user->login->password_hash = hashed;
    user->login->reset_required = false;
    return {};
  };
  co_return co_await change_entity<UserHolder>(call, name, update);
}

}  // namespace armature::api
