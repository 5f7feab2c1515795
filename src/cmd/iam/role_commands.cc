#include <fmt/format.h>

#include <ctime>

#include "cmd/iam/commands.h"

namespace armature::cmd {
namespace {

constexpr std::string_view kRevokePolicyName = "AWSRevokeOlderSessions";  // As the AWS console names it.

struct RoleOptions {
  CallerOptions caller;
  std::string role;
  std::vector<std::string> users;
  std::vector<std::string> addresses;
  std::string external_id;
  std::string trust_file;
  std::string policy;
  std::string table;
  std::string session_name = "armature-cli";
  int duration_s = 3600;
  bool force = false;
};

// Who may assume the role: the named users, or whoever in the account is allowed to by a policy of its own.
CommandResult<std::string> trust_document(Caller* caller, const RoleOptions& options) {
  if (!options.trust_file.empty()) return read_text(options.trust_file);
  TRY_ASSIGN(const std::string account, caller->account_id());
  Bytes text;
  wire::JsonWriter json(&text);
  json.begin_object();
  json.member("Version", "2012-10-17");
  json.key("Statement");
  json.begin_object();
  json.member("Effect", "Allow");
  json.key("Principal");
  json.begin_object();
  json.key("AWS");
  json.begin_array();
  for (const std::string& user : options.users) {
    TRY_ASSIGN(const XmlReply got, caller->iam("GetUser", {{"UserName", user}}));
    json.string(got.text("Arn"));
  }
  if (options.users.empty()) json.string("arn:aws:iam::" + account + ":root");
  json.end_array();
  json.end_object();
  json.member("Action", "sts:AssumeRole");
  if (!options.external_id.empty() || !options.addresses.empty()) {
    json.key("Condition");
    json.begin_object();
    if (!options.external_id.empty()) {
      json.key("StringEquals");
      json.begin_object();
      json.member("sts:ExternalId", options.external_id);
      json.end_object();
    }
    if (!options.addresses.empty()) {
      json.key("IpAddress");
      json.begin_object();
      json.key("aws:SourceIp");
      json.begin_array();
      for (const std::string& address : options.addresses) json.string(address);
      json.end_array();
      json.end_object();
    }
    json.end_object();
  }
  json.end_object();
  json.end_object();
  return text;
}

int create(const RoleOptions& options) {
  return with_caller("role create", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const std::string trust, trust_document(caller, options));
    TRY_ASSIGN(const XmlReply made,
               caller->iam("CreateRole", {{"RoleName", options.role}, {"AssumeRolePolicyDocument", trust}}));
    if (!options.policy.empty()) TRY(give_ready_policy(caller, "Role", options.role, options.policy, options.table));
    fmt::print("{}\n", made.text("Arn"));
    return {};
  });
}

int list(const RoleOptions& options) {
  return with_caller("role list", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const auto roles, caller->iam_list("ListRoles", {}, "Roles"));
    Table table({"RoleName", "Arn", "Created"});
    for (const XmlReply& role : roles) table.add({role.text("RoleName"), role.text("Arn"), role.text("CreateDate")});
    table.print(options.caller.json);
    return {};
  });
}

int show(const RoleOptions& options) {
  return with_caller("role show", options.caller, [&](Caller* caller) -> CommandResult<void> {
    const Parameters who = {{"RoleName", options.role}};
    TRY_ASSIGN(const XmlReply role, caller->iam("GetRole", who));
    Table table({"Kind", "Policy", "Document"});
    table.add({"trust", "", percent_decoded(role.text("AssumeRolePolicyDocument"))});
    TRY_ASSIGN(const auto inlines, caller->iam_list("ListRolePolicies", who, "PolicyNames"));
    for (const XmlReply& policy : inlines) {
      TRY_ASSIGN(const XmlReply got,
                 caller->iam("GetRolePolicy", {{"RoleName", options.role}, {"PolicyName", policy.xml()}}));
      table.add({"inline", policy.xml(), percent_decoded(got.text("PolicyDocument"))});
    }
    TRY_ASSIGN(const auto attached, caller->iam_list("ListAttachedRolePolicies", who, "AttachedPolicies"));
    for (const XmlReply& policy : attached) table.add({"attached", policy.text("PolicyArn"), ""});
    if (!options.caller.json) fmt::print("arn  {}\n\n", role.text("Arn"));
    table.print(options.caller.json);
    return {};
  });
}

int remove(const RoleOptions& options) {
  return with_caller("role delete", options.caller, [&](Caller* caller) -> CommandResult<void> {
    const Parameters who = {{"RoleName", options.role}};
    if (options.force) {
      TRY_ASSIGN(const auto inlines, caller->iam_list("ListRolePolicies", who, "PolicyNames"));
      for (const XmlReply& policy : inlines) {
        TRY(caller->iam("DeleteRolePolicy", {{"RoleName", options.role}, {"PolicyName", policy.xml()}}));
      }
      TRY_ASSIGN(const auto attached, caller->iam_list("ListAttachedRolePolicies", who, "AttachedPolicies"));
      for (const XmlReply& policy : attached) {
        TRY(caller->iam("DetachRolePolicy", {{"RoleName", options.role}, {"PolicyArn", policy.text("PolicyArn")}}));
      }
    }
    TRY(caller->iam("DeleteRole", who));
    return {};
  });
}

// Whoever has assumed the role until now can do nothing with it any more, and has to assume it again.
int revoke_sessions(const RoleOptions& options) {
  return with_caller("role revoke-sessions", options.caller, [&](Caller* caller) -> CommandResult<void> {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char time[32];
    std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", &parts);
    const std::string document =
        fmt::format(R"({{"Version":"2012-10-17","Statement":{{"Effect":"Deny","Action":"*","Resource":"*",)"
                    R"("Condition":{{"DateLessThan":{{"aws:TokenIssueTime":"{}"}}}}}}}})",
                    time);
    TRY(caller->iam(
        "PutRolePolicy",
        {{"RoleName", options.role}, {"PolicyName", std::string(kRevokePolicyName)}, {"PolicyDocument", document}}));
    return {};
  });
}

int assume(const RoleOptions& options) {
  return with_caller("role assume", options.caller, [&](Caller* caller) -> CommandResult<void> {
    std::string arn = options.role;
    if (!arn.starts_with("arn:")) {
      TRY_ASSIGN(const std::string account, caller->account_id());
      arn = "arn:aws:iam::" + account + ":role/" + options.role;
    }
    Parameters parameters = {{"RoleArn", arn},
                             {"RoleSessionName", options.session_name},
                             {"DurationSeconds", std::to_string(options.duration_s)}};
    if (!options.external_id.empty()) parameters.emplace_back("ExternalId", options.external_id);
    TRY_ASSIGN(const XmlReply reply, caller->sts("AssumeRole", parameters));
    if (options.caller.json) {
      // What `credential_process` of the AWS configuration wants.
      Bytes text;
      wire::JsonWriter json(&text);
      json.begin_object();
      json.member("Version", std::int64_t{1});
      for (const char* name : {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}) {
        json.member(name, reply.text(name));
      }
      json.end_object();
      fmt::print("{}\n", text);
      return {};
    }
    fmt::print("export AWS_ACCESS_KEY_ID={}\nexport AWS_SECRET_ACCESS_KEY={}\nexport AWS_SESSION_TOKEN={}\n",
               reply.text("AccessKeyId"), reply.text("SecretAccessKey"), reply.text("SessionToken"));
    fmt::print("# until {}\n", reply.text("Expiration"));
    return {};
  });
}

}  // namespace

void add_role_commands(CLI::App* app, Chosen* chosen) {
  CLI::App* role = app->add_subcommand("role", "Roles: permissions that users take on for a while");
  role->require_subcommand(1);
  RoleOptions* options = nullptr;
  const auto add = [&](const char* name, const char* help, int (*run)(const RoleOptions&), bool named = true) {
    const auto made = std::make_shared<RoleOptions>();
    options = made.get();
    CLI::App* command = add_command(role, name, help, made, chosen, run);
    if (named) command->add_option("role", made->role, "Role name")->required();
    return command;
  };
  CLI::App* command = add("create", "Make a role", create);
  command->add_option("--user", options->users, "A user that may assume it; repeatable. None: whom a policy lets");
  command->add_option("--external-id", options->external_id, "What has to be named to assume it");
  command->add_option("--allow-ip", options->addresses, "Address or CIDR block it may be assumed from; repeatable");
  command->add_option("--trust-file", options->trust_file, "Trust policy (JSON) in place of these")
      ->excludes("--user")
      ->excludes("--external-id")
      ->excludes("--allow-ip");
  command->add_option("--policy", options->policy, "A ready policy; `armature policy ready` lists them");
  command->add_option("--table", options->table, "The table of the ready policies that are for one");
  add("list", "List the roles", list, false);
  add("show", "Show a role and its policies", show);
  command = add("delete", "Delete a role; its sessions end at once", remove);
  command->add_flag("--force", options->force, "Take its policies away first");
  add("revoke-sessions", "End all sessions of a role that began until now", revoke_sessions);
  command = add("assume", "Take on a role, by name or ARN: prints temporary keys for the environment", assume);
  command->add_option("--session-name", options->session_name, "Name of the session")->capture_default_str();
  command->add_option("--external-id", options->external_id, "What the role's trust policy asks for");
  command->add_option("--duration", options->duration_s, "Seconds")->capture_default_str();
}

}  // namespace armature::cmd
