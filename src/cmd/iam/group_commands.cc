#include "cmd/iam/commands.h"

namespace armature::cmd {
namespace {

struct GroupOptions {
  CallerOptions caller;
  std::string group;
  std::string user;
  std::string policy;
  std::string table;
};

int create(const GroupOptions& options) {
  return with_caller("group create", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY(caller->iam("CreateGroup", {{"GroupName", options.group}}));
    if (options.policy.empty()) return {};
    return give_ready_policy(caller, "Group", options.group, options.policy, options.table);
  });
}

int list(const GroupOptions& options) {
  return with_caller("group list", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const auto groups, caller->iam_list("ListGroups", {}, "Groups"));
    Table table({"GroupName", "Arn", "Created"});
    for (const XmlReply& group : groups) {
      table.add({group.text("GroupName"), group.text("Arn"), group.text("CreateDate")});
    }
    table.print(options.caller.json);
    return {};
  });
}

int show(const GroupOptions& options) {
  return with_caller("group show", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const auto users, caller->iam_list("GetGroup", {{"GroupName", options.group}}, "Users"));
    Table table({"UserName", "Arn"});
    for (const XmlReply& user : users) table.add({user.text("UserName"), user.text("Arn")});
    table.print(options.caller.json);
    return {};
  });
}

int remove(const GroupOptions& options) {
  return with_caller("group delete", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY(caller->iam("DeleteGroup", {{"GroupName", options.group}}));
    return {};
  });
}

int add_user(const GroupOptions& options) {
  return with_caller("group add", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY(caller->iam("AddUserToGroup", {{"GroupName", options.group}, {"UserName", options.user}}));
    return {};
  });
}

int remove_user(const GroupOptions& options) {
  return with_caller("group remove", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY(caller->iam("RemoveUserFromGroup", {{"GroupName", options.group}, {"UserName", options.user}}));
    return {};
  });
}

}  // namespace

void add_group_commands(CLI::App* app, Chosen* chosen) {
  CLI::App* group = app->add_subcommand("group", "Groups: permissions for several users at once");
  group->require_subcommand(1);
  GroupOptions* options = nullptr;
  const auto add = [&](const char* name, const char* help, int (*run)(const GroupOptions&), bool named) {
    const auto made = std::make_shared<GroupOptions>();
    options = made.get();
    CLI::App* command = add_command(group, name, help, made, chosen, run);
    if (named) command->add_option("group", made->group, "Group name")->required();
    return command;
  };
  CLI::App* command = add("create", "Make a group", create, true);
  command->add_option("--policy", options->policy, "A ready policy; `armature policy ready` lists them");
  command->add_option("--table", options->table, "The table of the ready policies that are for one");
  add("list", "List the groups", list, false);
  add("show", "List the users of a group", show, true);
  add("delete", "Delete an empty group", remove, true);
  command = add("add", "Add a user to a group", add_user, true);
  command->add_option("user", options->user, "User name")->required();
  command = add("remove", "Take a user out of a group", remove_user, true);
  command->add_option("user", options->user, "User name")->required();
}

}  // namespace armature::cmd
