#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cmd/iam/commands.h"

namespace armature::cmd {
namespace {

struct KeyOptions {
  CallerOptions caller;
  std::string user;
  std::string key_id;
};

CommandResult<std::vector<XmlReply>> keys_of(Caller* caller, const std::string& user) {
  Parameters parameters;
  if (!user.empty()) parameters.emplace_back("UserName", user);
  return caller->iam_list("ListAccessKeys", std::move(parameters), "AccessKeyMetadata");
}

// The user a key belongs to, where it was not named.
CommandResult<std::string> owner_of(Caller* caller, const KeyOptions& options) {
  if (!options.user.empty()) return options.user;
  TRY_ASSIGN(const XmlReply reply, caller->iam("GetAccessKeyLastUsed", {{"AccessKeyId", options.key_id}}));
  return reply.text("UserName");
}

CommandResult<void> set_status(Caller* caller, const KeyOptions& options, const char* status) {
  TRY_ASSIGN(const std::string user, owner_of(caller, options));
  TRY(caller->iam("UpdateAccessKey", {{"UserName", user}, {"AccessKeyId", options.key_id}, {"Status", status}}));
  return {};
}

int create(const KeyOptions& options) {
  return with_caller("key create", options.caller,
                     [&](Caller* caller) { return create_and_print_key(caller, options.user, options.caller.json); });
}

int list(const KeyOptions& options) {
  return with_caller("key list", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const std::vector<XmlReply> keys, keys_of(caller, options.user));
    Table table({"AccessKeyId", "Status", "Created", "LastUsed", "Service", "Region"});
    for (const XmlReply& key : keys) {
      TRY_ASSIGN(const XmlReply used, caller->iam("GetAccessKeyLastUsed", {{"AccessKeyId", key.text("AccessKeyId")}}));
      const std::string at = used.text("LastUsedDate");
      table.add({key.text("AccessKeyId"), key.text("Status"), key.text("CreateDate"), at.empty() ? "never" : at,
                 used.text("ServiceName"), used.text("Region")});
    }
    table.print(options.caller.json);
    return {};
  });
}

// A new key first, then the old ones off: nothing stops working until the new one is in place. They are kept, so that
// they can be turned on again.
int rotate(const KeyOptions& options) {
  return with_caller("key rotate", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const std::vector<XmlReply> keys, keys_of(caller, options.user));
    if (keys.size() > 1) {
      // One place has to be free for the new key.
      const auto inactive =
          std::find_if(keys.begin(), keys.end(), [](const XmlReply& key) { return key.text("Status") == "Inactive"; });
      if (inactive == keys.end()) {
        return Unexpected(CommandError{
            "", fmt::format("{} has two active keys; take one out of use first: armature key deactivate KEY_ID",
                            options.user)});
      }
      TRY(caller->iam("DeleteAccessKey", {{"UserName", options.user}, {"AccessKeyId", inactive->text("AccessKeyId")}}));
      fmt::print(stderr, "deleted the inactive key {}\n", inactive->text("AccessKeyId"));
    }
    TRY(create_and_print_key(caller, options.user, options.caller.json));
    for (const XmlReply& key : keys) {
      if (key.text("Status") != "Active") continue;
      const std::string id = key.text("AccessKeyId");
      fmt::print(
          stderr,
          "the old key {} still works. Once nothing uses it (armature key list {}): armature key deactivate {}\n", id,
          options.user, id);
    }
    return {};
  });
}

int activate(const KeyOptions& options) {
  return with_caller("key activate", options.caller,
                     [&](Caller* caller) { return set_status(caller, options, "Active"); });
}

int deactivate(const KeyOptions& options) {
  return with_caller("key deactivate", options.caller,
                     [&](Caller* caller) { return set_status(caller, options, "Inactive"); });
}

int remove(const KeyOptions& options) {
  return with_caller("key delete", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const std::string user, owner_of(caller, options));
    TRY(caller->iam("DeleteAccessKey", {{"UserName", user}, {"AccessKeyId", options.key_id}}));
    return {};
  });
}

}  // namespace

CommandResult<void> create_and_print_key(Caller* caller, const std::string& user, bool json) {
  TRY_ASSIGN(const XmlReply reply, caller->iam("CreateAccessKey", {{"UserName", user}}));
  const std::string id = reply.text("AccessKeyId");
  const std::string secret = reply.text("SecretAccessKey");
  const std::string name = reply.text("UserName");
  if (json) {
    Bytes text;
    wire::JsonWriter writer(&text);
    writer.begin_object();
    writer.member("UserName", name);
    writer.member("AccessKeyId", id);
    writer.member("SecretAccessKey", secret);
    writer.member("Endpoint", caller->endpoint());
    writer.member("Region", caller->region());
    writer.end_object();
    fmt::print("{}\n", text);
    return {};
  }
  fmt::print("access key  {}\nsecret key  {}\n\n", id, secret);
  fmt::print("The secret is shown this once. For the AWS CLI and SDKs, in ~/.aws/credentials and ~/.aws/config:\n\n");
  fmt::print("[{}]\naws_access_key_id = {}\naws_secret_access_key = {}\n\n", name, id, secret);
  fmt::print("[profile {}]\nregion = {}\nendpoint_url = {}\n\n", name, caller->region(), caller->endpoint());
  fmt::print("Then: aws --profile {} dynamodb list-tables (older versions of the CLI also need --endpoint-url {})\n",
             name, caller->endpoint());
  return {};
}

void add_key_commands(CLI::App* app, Chosen* chosen) {
  CLI::App* key = app->add_subcommand("key", "Access keys of users");
  key->require_subcommand(1);
  const auto for_user = [&](const char* name, const char* help, int (*run)(const KeyOptions&)) {
    const auto options = std::make_shared<KeyOptions>();
    add_command(key, name, help, options, chosen, run)->add_option("user", options->user, "User name")->required();
  };
  const auto for_key = [&](const char* name, const char* help, int (*run)(const KeyOptions&)) {
    const auto options = std::make_shared<KeyOptions>();
    CLI::App* command = add_command(key, name, help, options, chosen, run);
    command->add_option("key-id", options->key_id, "Access key id")->required();
    command->add_option("--user", options->user, "Whose it is; found out when not named");
  };
  for_user("create", "Make an access key and print it once", create);
  for_user("list", "List the access keys of a user, with their last use", list);
  for_user("rotate", "Make a new key beside the one in use", rotate);
  for_key("deactivate", "Take a key out of use; it can be turned on again", deactivate);
  for_key("activate", "Take a key into use again", activate);
  for_key("delete", "Delete a key for good", remove);
}

}  // namespace armature::cmd
