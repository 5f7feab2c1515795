#include "api/iam/users.h"

#include "api/iam/policy_holders.h"

namespace armature::api {
namespace {

Unexpected<Error> user_exists(std::string_view name) {
  return fail(ErrorCode::kEntityAlreadyExists, "User with name " + std::string(name) + " already exists.");
}

void write_root_user(const QueryCall& call) {
  call.reply.open("User");
  call.reply.element("UserId", call.context.identity->user_id);
  call.reply.element("Arn", call.context.identity->principal_arn);
  call.reply.element("CreateDate", xml_time(0));
  call.reply.close();
}

Result<void> check_deletable(const auth::User& user) {
  if (!user.permissions.attached_arns.empty()) return delete_conflict("detach all policies first.");
  if (!user.permissions.inline_policies.empty()) return delete_conflict("delete policies first.");
  if (!user.access_keys.empty()) return delete_conflict("delete access keys first.");
  if (user.login) return delete_conflict("delete login profile first.");
  if (!user.group_ids.empty()) return delete_conflict("remove users from group first.");
  return {};
}

}  // namespace

Task<Result<void>> create_user(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("UserName", kUserNameRule));
  const std::string path(form.optional_text("Path", kPathRule).value_or("/"));
  const std::string boundary(form.optional_text("PermissionsBoundary", kArnRule).value_or(""));
  const std::vector<auth::Tag> tags = form.tags();
  CO_TRY(form.check());
  const auto facts = [&](AccessFacts* known) {
    add_tag_facts(tags, known);
    if (!boundary.empty()) known->add("iam:PermissionsBoundary", boundary);
  };
  CO_TRY(authorize(call, new_entity_resource(call, "user", path, name), facts));
  CO_TRY(check_tags(tags));

  auth::User user;
  user.name = name;
  user.path = path;
  user.id = auth::new_entity_id("AIDA");
  user.created_at_s = call.services.clock.now_s();
  user.boundary_arn = boundary;
  user.tags = tags;
  const auto create = [&](auth::IdentityChange& change) -> Result<void> {
    if (change.now().user(name) != nullptr) return user_exists(name);
    if (change.now().users().size() >= kMostUsers) return quota_exceeded("UsersPerAccount", kMostUsers);
    if (!boundary.empty()) TRY(check_boundary(change.now(), boundary));
    change.put(user);
    return {};
  };
  CO_TRY(co_await call.services.identities->change(create));
  call.reply.open("User");
  write_user(call, user, /*tags=*/true);
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> get_user(QueryCall& call) {
  Form form(call.parameters);
  const auto given = form.optional_text("UserName", kExistingUserNameRule);
  CO_TRY(form.check());
  if (!given && call.context.identity->kind == auth::PrincipalKind::kRoot) {
    CO_TRY(authorize(call, call.context.identity->principal_arn));
    write_root_user(call);
    co_return Result<void>();
  }
  CO_TRY_ASSIGN(const std::string name, user_or_caller(call, given));
  CO_TRY(authorize(call, user_resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::UserRef user, find_user(*identities, name));
  call.reply.open("User");
  write_user(call, *user, /*tags=*/true);
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> list_users(QueryCall& call) {
  Form form(call.parameters);
  const std::string_view prefix = form.optional_text("PathPrefix", kPathPrefixRule).value_or("/");
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, new_entity_resource(call, "user", prefix, "")));
  const auth::IdentitiesRef identities = identities_of(call);
  std::vector<auth::UserRef> users;
  for (const auto& [name, user] : identities->users()) {
    if (user->path.starts_with(prefix)) users.push_back(user);
  }
  const auto key = [](const auth::UserRef& user) { return auth::folded(user->name); };
  write_page(&call.reply, "Users", users, paging, key,
             [&](const auth::UserRef& user) { write_user(call, *user, /*tags=*/false); });
  co_return Result<void>();
}

Task<Result<void>> update_user(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("UserName", kExistingUserNameRule));
  const auto new_path = form.optional_text("NewPath", kPathRule);
  const auto new_name = form.optional_text("NewUserName", kUserNameRule);
  CO_TRY(form.check());
  CO_TRY(authorize(call, user_resource(call, name)));
  if (new_name || new_path) {
    // A rename takes permission on what the user will be, too.
    const auth::UserRef before = identities_of(call)->user(name);
    const std::string_view path = new_path.value_or(before == nullptr ? "/" : before->path);
    CO_TRY(authorize(call, new_entity_resource(call, "user", path, new_name.value_or(name))));
  }
  const auto update = [&](const auth::Identities& now, auth::User* user) -> Result<void> {
    if (new_path) user->path = *new_path;
    if (new_name) {
      const auth::UserRef other = now.user(*new_name);
      if (other != nullptr && other->id != user->id) return user_exists(*new_name);
      user->name = *new_name;
    }
    return {};
  };
  co_return co_await change_entity<UserHolder>(call, name, update);
}

Task<Result<void>> delete_user(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("UserName", kExistingUserNameRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, user_resource(call, name)));
  const auto remove = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auth::UserRef user, find_user(change.now(), name));
    TRY(check_deletable(*user));
    change.remove(*user);
    return {};
  };
  co_return co_await call.services.identities->change(remove);
}

}  // namespace armature::api
