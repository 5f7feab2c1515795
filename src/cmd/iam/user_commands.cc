#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "cmd/iam/commands.h"
#include "cmd/iam/ready_policies.h"

namespace armature::cmd {
namespace {

struct UserOptions {
  CallerOptions caller;
  std::string user;
  std::string path;
  std::string policy;
  std::string table;
  std::vector<std::string> groups;
  std::vector<std::string> addresses;
  std::vector<std::string> actions;
  std::vector<std::string> resources;
  std::vector<std::string> context;
  bool no_key = false;
  bool force = false;
  bool clear = false;
};

CommandResult<void> put_addresses(Caller* caller, const std::string& user, const std::vector<std::string>& addresses) {
  TRY(caller->iam("PutUserPolicy", {{"UserName", user},
                                    {"PolicyName", std::string(kAddressPolicyName)},
                                    {"PolicyDocument", address_policy(addresses)}}));
  return {};
}

CommandResult<void> set_up(Caller* caller, const UserOptions& options) {
  if (!options.policy.empty()) TRY(give_ready_policy(caller, "User", options.user, options.policy, options.table));
  for (const std::string& group : options.groups) {
    TRY(caller->iam("AddUserToGroup", {{"GroupName", group}, {"UserName", options.user}}));
  }
  if (!options.addresses.empty()) TRY(put_addresses(caller, options.user, options.addresses));
  return {};
}

int create(const UserOptions& options) {
  return with_caller("user create", options.caller, [&](Caller* caller) -> CommandResult<void> {
    // What can be wrong without a call is found before there is half a user.
    if (!options.policy.empty()) {
      const auto ready = make_ready_policy(options.policy, "000000000000", "*", options.table);
      if (!ready) return Unexpected(CommandError{"", ready.error()});
    }
    Parameters parameters = {{"UserName", options.user}};
    if (!options.path.empty()) parameters.emplace_back("Path", options.path);
    TRY_ASSIGN(const XmlReply made, caller->iam("CreateUser", parameters));
    if (!options.caller.json) fmt::print("user        {}\n", made.text("Arn"));
    const CommandResult<void> done = set_up(caller, options);
    if (!done) {
      return Unexpected(
          CommandError{done.error().type,
                       done.error().message + fmt::format("\nThe user was made, but is not complete: repeat that "
                                                          "step, or remove it with armature user delete --force {}",
                                                          options.user)});
    }
    if (options.no_key) return {};
    return create_and_print_key(caller, options.user, options.caller.json);
  });
}

int list(const UserOptions& options) {
  return with_caller("user list", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const std::vector<XmlReply> users, caller->iam_list("ListUsers", {}, "Users"));
    Table table({"UserName", "Arn", "Created"});
    for (const XmlReply& user : users) table.add({user.text("UserName"), user.text("Arn"), user.text("CreateDate")});
    table.print(options.caller.json);
    return {};
  });
}

// Everything that gives or takes permissions of the user.
CommandResult<void> print_permissions(Caller* caller, const std::string& user, bool json) {
  Table table({"From", "Kind", "Policy", "Document"});
  const auto add = [&](const std::string& from, const std::string& holder,
                       const std::string& name) -> CommandResult<void> {
    const Parameters who = {{holder + "Name", name}};
    TRY_ASSIGN(const auto inlines, caller->iam_list("List" + holder + "Policies", who, "PolicyNames"));
    for (const XmlReply& policy : inlines) {
      Parameters one = who;
      one.emplace_back("PolicyName", policy.xml());
      TRY_ASSIGN(const XmlReply got, caller->iam("Get" + holder + "Policy", std::move(one)));
      table.add({from, "inline", policy.xml(), percent_decoded(got.text("PolicyDocument"))});
    }
    TRY_ASSIGN(const auto attached, caller->iam_list("ListAttached" + holder + "Policies", who, "AttachedPolicies"));
    for (const XmlReply& policy : attached) table.add({from, "attached", policy.text("PolicyArn"), ""});
    return {};
  };
  TRY(add("user " + user, "User", user));
  TRY_ASSIGN(const auto groups, caller->iam_list("ListGroupsForUser", {{"UserName", user}}, "Groups"));
  for (const XmlReply& group : groups) {
    const std::string name = group.text("GroupName");
    TRY(add("group " + name, "Group", name));
  }
  TRY_ASSIGN(const XmlReply got, caller->iam("GetUser", {{"UserName", user}}));
  const std::string boundary = got.text("PermissionsBoundaryArn");
  if (!boundary.empty()) table.add({"user " + user, "boundary", boundary, ""});
  table.print(json);
  return {};
}

int show(const UserOptions& options) {
  return with_caller("user show", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const XmlReply user, caller->iam("GetUser", {{"UserName", options.user}}));
    if (!options.caller.json) {
      fmt::print("arn      {}\nid       {}\ncreated  {}\n\n", user.text("Arn"), user.text("UserId"),
                 user.text("CreateDate"));
    }
    return print_permissions(caller, options.user, options.caller.json);
  });
}

// Takes away what keeps a user from being deleted.
CommandResult<void> strip(Caller* caller, const std::string& user) {
  const Parameters who = {{"UserName", user}};
  const auto with = [&](const char* name, const std::string& value) {
    Parameters parameters = who;
    parameters.emplace_back(name, value);
    return parameters;
  };
  TRY_ASSIGN(const auto keys, caller->iam_list("ListAccessKeys", who, "AccessKeyMetadata"));
  for (const XmlReply& key : keys) TRY(caller->iam("DeleteAccessKey", with("AccessKeyId", key.text("AccessKeyId"))));
  TRY_ASSIGN(const auto inlines, caller->iam_list("ListUserPolicies", who, "PolicyNames"));
  for (const XmlReply& policy : inlines) TRY(caller->iam("DeleteUserPolicy", with("PolicyName", policy.xml())));
  TRY_ASSIGN(const auto attached, caller->iam_list("ListAttachedUserPolicies", who, "AttachedPolicies"));
  for (const XmlReply& policy : attached) {
    TRY(caller->iam("DetachUserPolicy", with("PolicyArn", policy.text("PolicyArn"))));
  }
  TRY_ASSIGN(const auto groups, caller->iam_list("ListGroupsForUser", who, "Groups"));
  for (const XmlReply& group : groups) {
    TRY(caller->iam("RemoveUserFromGroup", with("GroupName", group.text("GroupName"))));
  }
  const auto login = caller->iam("DeleteLoginProfile", who);
  if (!login && login.error().type != "NoSuchEntity") return Unexpected(login.error());
  return {};
}

int remove(const UserOptions& options) {
  return with_caller("user delete", options.caller, [&](Caller* caller) -> CommandResult<void> {
    if (options.force) TRY(strip(caller, options.user));
    auto deleted = caller->iam("DeleteUser", {{"UserName", options.user}});
    if (deleted) return {};
    CommandError error = deleted.error();
    if (error.type == "DeleteConflict") error.message += "\n--force takes keys, policies and memberships away first.";
    return Unexpected(std::move(error));
  });
}

int allow_addresses(const UserOptions& options) {
  return with_caller("user allow-ip", options.caller, [&](Caller* caller) -> CommandResult<void> {
    if (options.clear == !options.addresses.empty()) {
      return Unexpected(CommandError{"", "name the addresses that may be used, or --clear to allow all"});
    }
    if (!options.clear) return put_addresses(caller, options.user, options.addresses);
    TRY(caller->iam("DeleteUserPolicy", {{"UserName", options.user}, {"PolicyName", std::string(kAddressPolicyName)}}));
    return {};
  });
}

// A question without its last pass.
std::string read_password() {
  if (isatty(STDIN_FILENO) == 0) {
    std::string line;
    std::getline(std::cin, line);
    return line;
  }
  fmt::print(stderr, "Password: ");
  std::fflush(stderr);
  termios before{};
  tcgetattr(STDIN_FILENO, &before);
  termios silent = before;
  silent.c_lflag &= static_cast<tcflag_t>(~ECHO);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  std::string line;
  std::getline(std::cin, line);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  fmt::print(stderr, "\n");
  return line;
}

int set_password(const UserOptions& options) {
  return with_caller("user password", options.caller, [&](Caller* caller) -> CommandResult<void> {
    if (options.clear) {
      TRY(caller->iam("DeleteLoginProfile", {{"UserName", options.user}}));
      return {};
    }
    const std::string password = read_password();
    const Parameters parameters = {{"UserName", options.user}, {"Password", password}};
    const auto made = caller->iam("CreateLoginProfile", parameters);
    if (made) return {};
    if (made.error().type != "EntityAlreadyExists") return Unexpected(made.error());
    TRY(caller->iam("UpdateLoginProfile", parameters));
    return {};
  });
}

CommandResult<Parameters> simulation_of(Caller* caller, const UserOptions& options) {
  TRY_ASSIGN(const std::string account, caller->account_id());
  TRY_ASSIGN(const XmlReply user, caller->iam("GetUser", {{"UserName", options.user}}));
  Parameters parameters = {{"PolicySourceArn", user.text("Arn")}};
  for (std::size_t i = 0; i < options.actions.size(); ++i) {
    // "GetItem" is short for "dynamodb:GetItem".
    const std::string& action = options.actions[i];
    parameters.emplace_back(fmt::format("ActionNames.member.{}", i + 1),
                            action.find(':') == std::string::npos ? "dynamodb:" + action : action);
  }
  for (std::size_t i = 0; i < options.resources.size(); ++i) {
    // "Music" is short for the ARN of the table.
    const std::string& resource = options.resources[i];
    const bool whole = resource == "*" || resource.starts_with("arn:");
    parameters.emplace_back(
        fmt::format("ResourceArns.member.{}", i + 1),
        whole ? resource : fmt::format("arn:aws:dynamodb:{}:{}:table/{}", caller->region(), account, resource));
  }
  int number = 0;
  for (const std::string& entry : options.context) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos) {
      return Unexpected(CommandError{"", "--context takes key=value, as aws:SourceIp=10.0.0.1"});
    }
    const std::string prefix = fmt::format("ContextEntries.member.{}", ++number);
    parameters.emplace_back(prefix + ".ContextKeyName", entry.substr(0, equals));
    parameters.emplace_back(prefix + ".ContextKeyType", "string");
    parameters.emplace_back(prefix + ".ContextKeyValues.member.1", entry.substr(equals + 1));
  }
  return parameters;
}

std::string explanation(const XmlReply& result) {
  const std::string decision = result.text("EvalDecision");
  std::string sources;
  for (const XmlReply& statement : result.members("MatchedStatements")) {
    sources.append(sources.empty() ? "" : ", ");
    sources.append(fmt::format("{} (line {})", statement.text("SourcePolicyId"), statement.text("Line")));
  }
  std::string text;
  if (decision == "allowed") text = "allowed by " + (sources.empty() ? "no condition" : sources);
  if (decision == "explicitDeny") text = "denied by " + (sources.empty() ? "a policy" : sources);
  if (decision == "implicitDeny") text = "no policy allows it";
  if (decision == "implicitDeny" && result.text("AllowedByPermissionsBoundary") == "false") {
    text = "the permissions boundary does not allow it";
  }
  const auto missing = result.members("MissingContextValues");
  for (const XmlReply& key : missing)
    text += "; a condition asks for " + key.xml() + " (--context " + key.xml() + "=…)";
  return text;
}

int why(const UserOptions& options) {
  return with_caller("user why", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const Parameters parameters, simulation_of(caller, options));
    TRY_ASSIGN(const auto results, caller->iam_list("SimulatePrincipalPolicy", parameters, "EvaluationResults"));
    Table table({"Action", "Resource", "Decision", "Why"});
    for (const XmlReply& result : results) {
      table.add({result.text("EvalActionName"), result.text("EvalResourceName"), result.text("EvalDecision"),
                 explanation(result)});
    }
    table.print(options.caller.json);
    return {};
  });
}

int may(const UserOptions& options) {
  UserOptions asked = options;
  if (asked.actions.empty()) {
    asked.actions = {"BatchGetItem", "BatchWriteItem", "CreateTable", "DeleteItem",    "DeleteTable",   "DescribeTable",
                     "GetItem",      "ListTables",     "PutItem",     "Query",         "Scan",          "UpdateItem",
                     "UpdateTable",  "PartiQLSelect",  "GetRecords",  "iam:ListUsers", "iam:CreateUser"};
  }
  return why(asked);
}

}  // namespace

CommandResult<void> give_ready_policy(Caller* caller, const std::string& holder, const std::string& name,
                                      const std::string& policy, const std::string& table) {
  TRY_ASSIGN(const std::string account, caller->account_id());
  const auto ready = make_ready_policy(policy, account, "*", table);
  if (!ready) return Unexpected(CommandError{"", ready.error()});
  const Parameters who = {{holder + "Name", name}};
  if (!ready->managed_arn.empty()) {
    Parameters parameters = who;
    parameters.emplace_back("PolicyArn", ready->managed_arn);
    TRY(caller->iam("Attach" + holder + "Policy", std::move(parameters)));
    return {};
  }
  Parameters parameters = who;
  parameters.emplace_back("PolicyName", ready->name);
  parameters.emplace_back("PolicyDocument", ready->document);
  TRY(caller->iam("Put" + holder + "Policy", std::move(parameters)));
  return {};
}

void add_user_commands(CLI::App* app, Chosen* chosen) {
  CLI::App* user = app->add_subcommand("user", "Users: who may use the server, and for what");
  user->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*run)(const UserOptions&), UserOptions** made) {
    const auto options = std::make_shared<UserOptions>();
    *made = options.get();
    return add_command(user, name, help, options, chosen, run);
  };
  const auto name_of = [](CLI::App* command, UserOptions* options) {
    command->add_option("user", options->user, "User name")->required();
  };
  UserOptions* options = nullptr;
  CLI::App* command = add("create", "Make a user with an access key, which is printed once", create, &options);
  name_of(command, options);
  command->add_option("--policy", options->policy, "A ready policy; `armature policy ready` lists them");
  command->add_option("--table", options->table, "The table of the ready policies that are for one");
  command->add_option("--group", options->groups, "A group to be in; repeatable");
  command->add_option("--allow-ip", options->addresses, "Address or CIDR block the user may come from; repeatable");
  command->add_option("--path", options->path, "Path, as /team/");
  command->add_flag("--no-key", options->no_key, "Without an access key");

  command = add("list", "List the users", list, &options);
  command = add("show", "Show a user and where its permissions come from", show, &options);
  name_of(command, options);
  command = add("delete", "Delete a user", remove, &options);
  name_of(command, options);
  command->add_flag("--force", options->force, "Take its keys, policies and memberships away first");

  command =
      add("allow-ip", "Say which addresses a user may come from; kept as an inline policy", allow_addresses, &options);
  name_of(command, options);
  command->add_option("addresses", options->addresses, "Addresses or CIDR blocks");
  command->add_flag("--clear", options->clear, "Any address again");

  command = add("password", "Set the password for the console, asked for or read from standard input", set_password,
                &options);
  name_of(command, options);
  command->add_flag("--clear", options->clear, "No password any more");

  command = add("may", "Show what a user may do", may, &options);
  name_of(command, options);
  command->add_option("--resource", options->resources, "Table, or ARN; default every resource");
  command->add_option("--context", options->context, "What conditions ask for, as aws:SourceIp=10.0.0.1");

  command = add("why", "Explain why a user may or may not do something", why, &options);
  name_of(command, options);
  // One of each; a list would take what belongs to the next positional.
  command
      ->add_option_function<std::string>(
          "action", [options](const std::string& action) { options->actions = {action}; },
          "As GetItem or iam:CreateUser")
      ->required();
  command->add_option_function<std::string>(
      "resource", [options](const std::string& resource) { options->resources = {resource}; }, "Table, or ARN");
  command->add_option("--context", options->context, "What conditions ask for, as aws:SourceIp=10.0.0.1");
}

}  // namespace armature::cmd
