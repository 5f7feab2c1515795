#include <fmt/format.h>

#include "cmd/iam/commands.h"
#include "cmd/iam/ready_policies.h"

namespace armature::cmd {
namespace {

struct PolicyOptions {
  CallerOptions caller;
  std::string policy;
  std::string file;
  std::string user;
  std::string group;
  std::string role;
  std::string table;
  bool all = false;
};

// Whom a policy is attached to or taken from: "User" and the name.
CommandResult<std::pair<std::string, std::string>> holder_of(const PolicyOptions& options) {
  const int named = !options.user.empty() + !options.group.empty() + !options.role.empty();
  if (named != 1) return Unexpected(CommandError{"", "name one of --user, --group and --role"});
  if (!options.user.empty()) return std::pair<std::string, std::string>("User", options.user);
  if (!options.group.empty()) return std::pair<std::string, std::string>("Group", options.group);
  return std::pair<std::string, std::string>("Role", options.role);
}

bool is_ready(const std::string& name) {
  for (const ReadyPolicyInfo& info : ready_policies()) {
    if (info.name == name) return true;
  }
  return false;
}

int ready(const PolicyOptions& options) {
  Table table({"Name", "Meaning"});
  for (const ReadyPolicyInfo& info : ready_policies()) table.add({std::string(info.name), std::string(info.meaning)});
  table.print(options.caller.json);
  return 0;
}

int list(const PolicyOptions& options) {
  return with_caller("policy list", options.caller, [&](Caller* caller) -> CommandResult<void> {
    const Parameters parameters = {{"Scope", options.all ? "All" : "Local"}};
    TRY_ASSIGN(const auto policies, caller->iam_list("ListPolicies", parameters, "Policies"));
    Table table({"PolicyName", "Arn", "Version", "Attached"});
    for (const XmlReply& policy : policies) {
      table.add({policy.text("PolicyName"), policy.text("Arn"), policy.text("DefaultVersionId"),
                 policy.text("AttachmentCount")});
    }
    table.print(options.caller.json);
    return {};
  });
}

int show(const PolicyOptions& options) {
  return with_caller("policy show", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const std::string arn, policy_arn(caller, options.policy));
    TRY_ASSIGN(const XmlReply policy, caller->iam("GetPolicy", {{"PolicyArn", arn}}));
    TRY_ASSIGN(const XmlReply version,
               caller->iam("GetPolicyVersion", {{"PolicyArn", arn}, {"VersionId", policy.text("DefaultVersionId")}}));
    fmt::print("{}\n", percent_decoded(version.text("Document")));
    return {};
  });
}

int create(const PolicyOptions& options) {
  return with_caller("policy create", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const std::string document, read_text(options.file));
    TRY_ASSIGN(const XmlReply made,
               caller->iam("CreatePolicy", {{"PolicyName", options.policy}, {"PolicyDocument", document}}));
    fmt::print("{}\n", made.text("Arn"));
    return {};
  });
}

int update(const PolicyOptions& options) {
  return with_caller("policy update", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const std::string document, read_text(options.file));
    TRY_ASSIGN(const std::string arn, policy_arn(caller, options.policy));
    TRY_ASSIGN(const XmlReply made,
               caller->iam("CreatePolicyVersion",
                           {{"PolicyArn", arn}, {"PolicyDocument", document}, {"SetAsDefault", "true"}}));
    fmt::print("{}\n", made.text("VersionId"));
    return {};
  });
}

int remove(const PolicyOptions& options) {
  return with_caller("policy delete", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const std::string arn, policy_arn(caller, options.policy));
    TRY_ASSIGN(const auto versions, caller->iam_list("ListPolicyVersions", {{"PolicyArn", arn}}, "Versions"));
    for (const XmlReply& version : versions) {
      if (version.text("IsDefaultVersion") == "true") continue;
      TRY(caller->iam("DeletePolicyVersion", {{"PolicyArn", arn}, {"VersionId", version.text("VersionId")}}));
    }
    TRY(caller->iam("DeletePolicy", {{"PolicyArn", arn}}));
    return {};
  });
}

int attach(const PolicyOptions& options) {
  return with_caller("policy attach", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const auto holder, holder_of(options));
    if (is_ready(options.policy)) {
      return give_ready_policy(caller, holder.first, holder.second, options.policy, options.table);
    }
    TRY_ASSIGN(const std::string arn, policy_arn(caller, options.policy));
    TRY(caller->iam("Attach" + holder.first + "Policy", {{holder.first + "Name", holder.second}, {"PolicyArn", arn}}));
    return {};
  });
}

int detach(const PolicyOptions& options) {
  return with_caller("policy detach", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const auto holder, holder_of(options));
    const std::string name = holder.first + "Name";
    // An inline policy of that name, else a managed one.
    const auto taken =
        caller->iam("Delete" + holder.first + "Policy", {{name, holder.second}, {"PolicyName", options.policy}});
    if (taken) return {};
    if (taken.error().type != "NoSuchEntity" && taken.error().type != "ValidationError") {
      return Unexpected(taken.error());
    }
    TRY_ASSIGN(const std::string arn, policy_arn(caller, options.policy));
    TRY(caller->iam("Detach" + holder.first + "Policy", {{name, holder.second}, {"PolicyArn", arn}}));
    return {};
  });
}

}  // namespace

CommandResult<std::string> policy_arn(Caller* caller, const std::string& name_or_arn) {
  if (name_or_arn.starts_with("arn:")) return name_or_arn;
  TRY_ASSIGN(const auto policies, caller->iam_list("ListPolicies", {{"Scope", "All"}}, "Policies"));
  for (const XmlReply& policy : policies) {
    if (policy.text("PolicyName") == name_or_arn) return policy.text("Arn");
  }
  return Unexpected(CommandError{"NoSuchEntity", "there is no policy '" + name_or_arn +
                                                     "'; `armature policy list --all` and `armature policy ready` tell "
                                                     "which there are"});
}

void add_policy_commands(CLI::App* app, Chosen* chosen) {
  CLI::App* policy = app->add_subcommand("policy", "Policies: what may be done");
  policy->require_subcommand(1);
  PolicyOptions* options = nullptr;
  const auto add = [&](const char* name, const char* help, int (*run)(const PolicyOptions&), bool named) {
    const auto made = std::make_shared<PolicyOptions>();
    options = made.get();
    CLI::App* command = add_command(policy, name, help, made, chosen, run);
    if (named) command->add_option("policy", made->policy, "Policy, by name or ARN")->required();
    return command;
  };
  const auto for_holder = [&](CLI::App* command) {
    command->add_option("--user", options->user, "User name");
    command->add_option("--group", options->group, "Group name");
    command->add_option("--role", options->role, "Role name");
  };
  add("ready", "List the ready policies", ready, false);
  CLI::App* command = add("list", "List the managed policies", list, false);
  command->add_flag("--all", options->all, "Those that ship with the server, too");
  add("show", "Print the document of a managed policy", show, true);
  command = add("create", "Make a managed policy", create, true);
  command->add_option("file", options->file, "Its document (JSON); - is standard input")->required();
  command = add("update", "Give a managed policy another document, as a new version", update, true);
  command->add_option("file", options->file, "Its document (JSON); - is standard input")->required();
  add("delete", "Delete a managed policy with its versions", remove, true);
  command = add("attach", "Attach a managed or ready policy", attach, true);
  for_holder(command);
  command->add_option("--table", options->table, "The table of the ready policies that are for one");
  command = add("detach", "Detach a managed policy, or delete an inline one", detach, true);
  for_holder(command);
}

}  // namespace armature::cmd
