#include "api/iam/access_keys.h"

#include <algorithm>

#include "api/iam/policy_holders.h"

namespace armature::api {
namespace {

constexpr std::string_view kStatuses[] = {"Active", "Inactive"};

std::string_view status_of(const auth::UserAccessKey& key) { return key.active ? "Active" : "Inactive"; }

Result<std::size_t> find_key(const auth::User& user, std::string_view id) {
  for (std::size_t i = 0; i < user.access_keys.size(); ++i) {
    if (user.access_keys[i].id == id) return i;
  }
  return fail(ErrorCode::kNoSuchEntity, "The Access Key with id " + std::string(id) + " cannot be found.");
}

}  // namespace

Task<Result<void>> create_access_key(QueryCall& call) {
  Form form(call.parameters);
  const auto given = form.optional_text("UserName", kExistingUserNameRule);
  CO_TRY(form.check());
  CO_TRY_ASSIGN(const std::string name, user_or_caller(call, given));
  CO_TRY(authorize(call, user_resource(call, name)));

  const auth::UserAccessKey key{auth::new_access_key_id("AKIA"), auth::new_secret_access_key(), true,
                                call.services.clock.now_s()};
  std::string stored_name;
  const auto create = [&](const auth::Identities&, auth::User* user) -> Result<void> {
    if (user->access_keys.size() >= kMostAccessKeysPerUser) {
      return quota_exceeded("AccessKeysPerUser", kMostAccessKeysPerUser);
    }
    stored_name = user->name;
    user->access_keys.push_back(key);
    return {};
  };
  CO_TRY(co_await change_entity<UserHolder>(call, name, create));
  call.reply.open("AccessKey");
  call.reply.element("UserName", stored_name);
  call.reply.element("AccessKeyId", key.id);
  call.reply.element("Status", status_of(key));
  call.reply.element("SecretAccessKey", key.secret.reveal());
  call.reply.element("CreateDate", xml_time(key.created_at_s));
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> list_access_keys(QueryCall& call) {
  Form form(call.parameters);
  const auto given = form.optional_text("UserName", kExistingUserNameRule);
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY_ASSIGN(const std::string name, user_or_caller(call, given));
  CO_TRY(authorize(call, user_resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::UserRef user, find_user(*identities, name));
  std::vector<auth::UserAccessKey> keys = user->access_keys;
  std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto key_of = [](const auth::UserAccessKey& key) { return key.id; };
  write_page(&call.reply, "AccessKeyMetadata", keys, paging, key_of, [&](const auth::UserAccessKey& key) {
    call.reply.element("UserName", user->name);
    call.reply.element("AccessKeyId", key.id);
    call.reply.element("Status", status_of(key));
    call.reply.element("CreateDate", xml_time(key.created_at_s));
  });
  co_return Result<void>();
}

Task<Result<void>> update_access_key(QueryCall& call) {
  Form form(call.parameters);
  const auto given = form.optional_text("UserName", kExistingUserNameRule);
  const std::string_view id = form.text("AccessKeyId", kAccessKeyIdRule);
  const std::string_view status = form.choice("Status", kStatuses);
  CO_TRY(form.check());
  CO_TRY_ASSIGN(const std::string name, user_or_caller(call, given));
  CO_TRY(authorize(call, user_resource(call, name)));
  const auto update = [&](const auth::Identities&, auth::User* user) -> Result<void> {
    TRY_ASSIGN(const std::size_t index, find_key(*user, id));
    user->access_keys[index].active = status == kStatuses[0];
    return {};
  };
  co_return co_await change_entity<UserHolder>(call, name, update);
}

Task<Result<void>> delete_access_key(QueryCall& call) {
  Form form(call.parameters);
  const auto given = form.optional_text("UserName", kExistingUserNameRule);
  const std::string_view id = form.text("AccessKeyId", kAccessKeyIdRule);
  CO_TRY(form.check());
  CO_TRY_ASSIGN(const std::string name, user_or_caller(call, given));
  CO_TRY(authorize(call, user_resource(call, name)));
  const auto remove = [&](const auth::Identities&, auth::User* user) -> Result<void> {
    TRY_ASSIGN(const std::size_t index, find_key(*user, id));
    user->access_keys.erase(user->access_keys.begin() + static_cast<std::ptrdiff_t>(index));
    return {};
  };
  co_return co_await change_entity<UserHolder>(call, name, remove);
}

Task<Result<void>> get_access_key_last_used(QueryCall& call) {
  Form form(call.parameters);
  const std::string_view id = form.text("AccessKeyId", kAccessKeyIdRule);
  CO_TRY(form.check());
  const auth::UserRef user = identities_of(call)->user_of_key(id);
  CO_TRY(authorize(call, user == nullptr ? "*" : auth::user_arn(call.context.account_id, *user)));
  if (user == nullptr) {
    co_return fail(ErrorCode::kNoSuchEntity, "The Access Key with id " + std::string(id) + " cannot be found.");
  }
  const auth::KeyUsage usage = call.services.identities->usage_of(id);
  call.reply.element("UserName", user->name);
  call.reply.open("AccessKeyLastUsed");
  if (usage.at_s != 0) call.reply.element("LastUsedDate", xml_time(usage.at_s));
  call.reply.element("ServiceName", usage.at_s != 0 ? usage.service : "N/A");
  call.reply.element("Region", usage.at_s != 0 ? usage.region : "N/A");
  call.reply.close();
  co_return Result<void>();
}

}  // namespace armature::api
