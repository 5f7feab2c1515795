#include "api/iam/groups.h"

#include <algorithm>

#include "api/iam/policy_holders.h"

namespace armature::api {
namespace {

Unexpected<Error> group_exists(std::string_view name) {
  return fail(ErrorCode::kEntityAlreadyExists, "Group with name " + std::string(name) + " already exists.");
}

}  // namespace

Task<Result<void>> create_group(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("GroupName", kGroupNameRule));
  const std::string path(form.optional_text("Path", kPathRule).value_or("/"));
  CO_TRY(form.check());
  CO_TRY(authorize(call, new_entity_resource(call, "group", path, name)));
  auth::Group group;
  group.name = name;
  group.path = path;
  group.id = auth::new_entity_id("AGPA");
  group.created_at_s = call.services.clock.now_s();
  const auto create = [&](auth::IdentityChange& change) -> Result<void> {
    if (change.now().group(name) != nullptr) return group_exists(name);
    if (change.now().groups().size() >= kMostGroups) return quota_exceeded("GroupsPerAccount", kMostGroups);
    change.put(group);
    return {};
  };
  CO_TRY(co_await call.services.identities->change(create));
  call.reply.open("Group");
  write_group(call, group);
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> get_group(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("GroupName", kGroupNameRule));
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, group_resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::GroupRef group, find_group(*identities, name));
  call.reply.open("Group");
  write_group(call, *group);
  call.reply.close();
  const auto key = [](const auth::UserRef& user) { return auth::folded(user->name); };
  write_page(&call.reply, "Users", identities->members_of(*group), paging, key,
             [&](const auth::UserRef& user) { write_user(call, *user, /*tags=*/false); });
  co_return Result<void>();
}

Task<Result<void>> list_groups(QueryCall& call) {
  Form form(call.parameters);
  const std::string_view prefix = form.optional_text("PathPrefix", kPathPrefixRule).value_or("/");
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, new_entity_resource(call, "group", prefix, "")));
  const auth::IdentitiesRef identities = identities_of(call);
  std::vector<auth::GroupRef> groups;
  for (const auto& [name, group] : identities->groups()) {
    if (group->path.starts_with(prefix)) groups.push_back(group);
  }
  const auto key = [](const auth::GroupRef& group) { return auth::folded(group->name); };
  write_page(&call.reply, "Groups", groups, paging, key,
             [&](const auth::GroupRef& group) { write_group(call, *group); });
  co_return Result<void>();
}

Task<Result<void>> update_group(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("GroupName", kGroupNameRule));
  const auto new_path = form.optional_text("NewPath", kPathRule);
  const auto new_name = form.optional_text("NewGroupName", kGroupNameRule);
  CO_TRY(form.check());
  CO_TRY(authorize(call, group_resource(call, name)));
  const auto update = [&](const auth::Identities& now, auth::Group* group) -> Result<void> {
    if (new_path) group->path = *new_path;
    if (new_name) {
      const auth::GroupRef other = now.group(*new_name);
      if (other != nullptr && other->id != group->id) return group_exists(*new_name);
      group->name = *new_name;
    }
    return {};
  };
  co_return co_await change_entity<GroupHolder>(call, name, update);
}

Task<Result<void>> delete_group(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("GroupName", kGroupNameRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, group_resource(call, name)));
  const auto remove = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auth::GroupRef group, find_group(change.now(), name));
    if (!change.now().members_of(*group).empty()) return delete_conflict("remove users from group first.");
    if (!group->permissions.attached_arns.empty()) return delete_conflict("detach all policies first.");
    if (!group->permissions.inline_policies.empty()) return delete_conflict("delete policies first.");
    change.remove(*group);
    return {};
  };
  co_return co_await call.services.identities->change(remove);
}

Task<Result<void>> add_user_to_group(QueryCall& call) {
  Form form(call.parameters);
  const std::string group_name(form.text("GroupName", kGroupNameRule));
  const std::string user_name(form.text("UserName", kExistingUserNameRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, group_resource(call, group_name)));
  const auto add = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auth::GroupRef group, find_group(change.now(), group_name));
    TRY_ASSIGN(const auth::UserRef before, find_user(change.now(), user_name));
    auth::User user = *before;
    if (std::find(user.group_ids.begin(), user.group_ids.end(), group->id) != user.group_ids.end()) return {};
    if (user.group_ids.size() >= kMostGroupsPerUser) return quota_exceeded("GroupsPerUser", kMostGroupsPerUser);
    user.group_ids.push_back(group->id);
    change.put(std::move(user));
    return {};
  };
  co_return co_await call.services.identities->change(add);
}

Task<Result<void>> remove_user_from_group(QueryCall& call) {
  Form form(call.parameters);
  const std::string group_name(form.text("GroupName", kGroupNameRule));
  const std::string user_name(form.text("UserName", kExistingUserNameRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, group_resource(call, group_name)));
  const auto remove = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auth::GroupRef group, find_group(change.now(), group_name));
    TRY_ASSIGN(const auth::UserRef before, find_user(change.now(), user_name));
    auth::User user = *before;
    if (std::erase(user.group_ids, group->id) == 0) {
      return fail(ErrorCode::kNoSuchEntity, "User " + user.name + " is not in group " + group->name + ".");
    }
    change.put(std::move(user));
    return {};
  };
  co_return co_await call.services.identities->change(remove);
}

Task<Result<void>> list_groups_for_user(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("UserName", kExistingUserNameRule));
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, user_resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::UserRef user, find_user(*identities, name));
  std::vector<auth::GroupRef> groups;
  for (const std::string& id : user->group_ids) {
    if (auth::GroupRef group = identities->group_by_id(id)) groups.push_back(std::move(group));
  }
  const auto key = [](const auth::GroupRef& group) { return auth::folded(group->name); };
  std::sort(groups.begin(), groups.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  write_page(&call.reply, "Groups", groups, paging, key,
             [&](const auth::GroupRef& group) { write_group(call, *group); });
  co_return Result<void>();
}

}  // namespace armature::api
