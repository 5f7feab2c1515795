// `armature connection`: add, edit, list, show, test, remove, import-profile.
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "cmd/connector/context.h"
#include "cmd/connector/text_table.h"
#include "connector/aws_profiles.h"
#include "connector/connection_options.h"
#include "connector/json_text.h"
#include "connector/test_connection.h"

namespace armature::cmd {
namespace {

using connector::SavedConnection;

// What add and edit are told; empty: not told.
struct FieldOptions {
  std::string name;
  std::optional<std::string> endpoint, region, access_key_id, secret, session_token, role_arn, external_id,
      session_name, sts_endpoint, user_role, environment, color;
  std::optional<int> duration_s;
  std::vector<std::string> options, allowed_ips, table_filter, unset;
  std::optional<bool> read_only;
  bool secret_from_stdin = false;
  bool test_first = false;
  bool replace = false;
  bool json = false;
};

void add_field_options(CLI::App* command, FieldOptions* fields) {
  command->add_option("name", fields->name, "Name of the connection")->required();
  command->add_option("--endpoint", fields->endpoint, "Endpoint URL; without one, AWS's of the region");
  command->add_option("--region", fields->region, "Region, such as us-east-1");
  command->add_option("--access-key-id", fields->access_key_id, "Access key id; default AWS_ACCESS_KEY_ID");
  command->add_option("--secret-access-key", fields->secret,
                      "Secret access key; better given as AWS_SECRET_ACCESS_KEY, on standard input, or when asked");
  command->add_flag("--secret-stdin", fields->secret_from_stdin, "Read the secret access key from standard input");
  command->add_option("--session-token", fields->session_token,
                      "Session token of temporary keys; default AWS_SESSION_TOKEN");
  command->add_option("--role-arn", fields->role_arn, "Role to assume first: arn:aws:iam::123456789012:role/Name");
  command->add_option("--external-id", fields->external_id, "External id the role asks for");
  command->add_option("--role-session-name", fields->session_name, "Session name; default connector-NAME");
  command->add_option("--duration", fields->duration_s, "Seconds a role session lasts; default 3600");
  command->add_option("--sts-endpoint", fields->sts_endpoint, "Endpoint URL of STS; default the same endpoint");
  command->add_option("--user-role", fields->user_role, "viewer, editor or admin: what it may be used for");
  command->add_option("--option", fields->options, "KEY=VALUE, repeatable; `armature connection options` lists them");
  command->add_option("--allow-ip", fields->allowed_ips, "CIDR of who may use it, repeatable");
  command->add_option("--table", fields->table_filter, "Table it is for, or a prefix ending in '*', repeatable");
  command->add_flag("--read-only,!--read-write", fields->read_only, "Refuse writing calls before they are sent");
  command->add_option("--environment", fields->environment, "development, staging or production");
  command->add_option("--color", fields->color, "Colour the console marks it with");
  command->add_flag("--test", fields->test_first, "Test it first; save it only when it works");
  command->add_flag("--json", fields->json, "Print JSON");
}

Expected<void, Failure> apply_options(const std::vector<std::string>& pairs, SavedConnection* connection) {
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) return failed(fmt::format("--option is '{}'; it must be KEY=VALUE", pair), "", 2);
    connection->options[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return {};
}

Expected<void, Failure> apply_fields(const FieldOptions& fields, SavedConnection* connection) {
  const auto set = [](const std::optional<std::string>& told, std::string* member) {
    if (told) *member = *told;
  };
  set(fields.endpoint, &connection->endpoint);
  set(fields.region, &connection->region);
  set(fields.access_key_id, &connection->access_key_id);
  set(fields.role_arn, &connection->role_arn);
  set(fields.external_id, &connection->external_id);
  set(fields.session_name, &connection->role_session_name);
  set(fields.sts_endpoint, &connection->sts_endpoint);
  set(fields.environment, &connection->environment);
  set(fields.color, &connection->color);
  if (fields.secret) connection->secret_access_key = Secret(*fields.secret);
  if (fields.session_token) connection->session_token = Secret(*fields.session_token);
  if (fields.duration_s) connection->duration_s = *fields.duration_s;
  if (fields.read_only) connection->read_only = *fields.read_only;
  if (!fields.allowed_ips.empty()) connection->allowed_ips = fields.allowed_ips;
  if (!fields.table_filter.empty()) connection->table_filter = fields.table_filter;
  if (fields.user_role) {
    const auto role = connector::find_user_role(*fields.user_role);
    if (!role)
      return failed(fmt::format("--user-role is '{}'; it must be viewer, editor or admin", *fields.user_role), "", 2);
    connection->user_role = *role;
  }
  return apply_options(fields.options, connection);
}

Expected<void, Failure> unset_fields(const std::vector<std::string>& names, SavedConnection* connection) {
  for (const std::string& name : names) {
    if (name == "endpoint")
      connection->endpoint.clear();
    else if (name == "session-token")
      connection->session_token = Secret();
    else if (name == "role-arn")
      connection->role_arn.clear(), connection->external_id.clear();
    else if (name == "external-id")
      connection->external_id.clear();
    else if (name == "role-session-name")
      connection->role_session_name.clear();
    else if (name == "sts-endpoint")
      connection->sts_endpoint.clear();
    else if (name == "environment")
      connection->environment.clear();
    else if (name == "color")
      connection->color.clear();
    else if (name == "allow-ip")
      connection->allowed_ips.clear();
    else if (name == "table")
      connection->table_filter.clear();
    else if (connection->options.erase(name) == 0)
      return failed(fmt::format("--unset: there is no field or option '{}' to unset", name), "", 2);
  }
  return {};
}

std::string environment_variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

// Asks without showing what is typed.
Secret ask_secret(const std::string& question) {
  fmt::print(stderr, "{}: ", question);
  std::fflush(stderr);
  termios shown{};
  const bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
  if (terminal) {
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  std::string line;
  std::getline(std::cin, line);
  if (terminal) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fmt::print(stderr, "\n");
  }
  return Secret(std::move(line));
}

void complete_keys(const FieldOptions& fields, SavedConnection* connection) {
  const bool keys_from_environment = connection->access_key_id.empty();
  if (keys_from_environment) {
    connection->access_key_id = environment_variable("AWS_ACCESS_KEY_ID");
    if (connection->session_token.empty())
      connection->session_token = Secret(environment_variable("AWS_SESSION_TOKEN"));
  }
  if (fields.secret_from_stdin) {
    std::string line;
    std::getline(std::cin, line);
    connection->secret_access_key = Secret(std::move(line));
  }
  // The environment's secret belongs to the environment's key.
  const bool same_key = connection->access_key_id == environment_variable("AWS_ACCESS_KEY_ID") ||
                        environment_variable("AWS_ACCESS_KEY_ID").empty();
  if (connection->secret_access_key.empty() && same_key) {
    connection->secret_access_key = Secret(environment_variable("AWS_SECRET_ACCESS_KEY"));
  }
  if (connection->secret_access_key.empty() && is_terminal(STDIN_FILENO)) {
    connection->secret_access_key = ask_secret(fmt::format("Secret access key of {}", connection->access_key_id));
  }
}

Expected<void, Failure> check(const SavedConnection& connection) {
  const auto errors = connector::validate(connection);
  if (errors.empty()) return {};
  std::string message = fmt::format("connection '{}' is not complete:", connection.name);
  for (const connector::FieldError& error : errors) message += fmt::format("\n  {}: {}", error.field, error.message);
  return failed(std::move(message), "", 2);
}

void print_warnings(const SavedConnection& connection) {
  for (const connector::FieldError& warning : connector::warnings(connection)) {
    fmt::print(stderr, "note: {}: {}\n", warning.field, warning.message);
  }
}

// A mark in colour on terminals.
std::string mark(connector::StepStatus status, bool color) {
  struct Mark {
    const char* text;
    const char* color;
  };
  const Mark marks[] = {{"ok  ", "32"}, {"warn", "33"}, {"FAIL", "31"}, {"skip", "90"}};
  const Mark& chosen = marks[static_cast<std::size_t>(status)];
  return color ? fmt::format("\x1b[{}m{}\x1b[0m", chosen.color, chosen.text) : chosen.text;
}

void print_step(const connector::TestStep& step) {
  const bool color = is_terminal(STDOUT_FILENO) && environment_variable("NO_COLOR").empty();
  fmt::print("{} {:<22} {:>8}  {}\n", mark(step.status, color), step.title,
             step.status == connector::StepStatus::kSkipped ? "" : fmt::format("{:.1f} ms", step.milliseconds),
             printable(step.detail));
  if (!step.remedy.empty()) fmt::print("     {}\n", step.remedy);
  std::fflush(stdout);
}

Expected<void, Failure> test(CommandContext* context, const SavedConnection& connection, bool json) {
  const auto progress = json ? std::function<void(const connector::TestStep&)>() : print_step;
  const connector::TestReport report =
      sync_wait(connector::test_connection(context->loop(), connection, &context->clock(), progress));
  if (json) {
    std::string text;
    wire::JsonWriter writer(&text);
    connector::write_report(report, &writer);
    fmt::print("{}\n", text);
    if (!report.ok) return failed(fmt::format("connection '{}' does not work: {}", connection.name, report.summary));
    return {};
  }
  if (!report.ok) return failed(fmt::format("connection '{}' does not work", connection.name));
  fmt::print("{}\n", report.summary);
  return {};
}

Expected<void, Failure> save(CommandContext* context, SavedConnection connection, const FieldOptions& fields) {
  TRY(check(connection));
  print_warnings(connection);
  if (fields.test_first) {
    if (auto works = test(context, connection, false); !works) {
      return failed(works.error().message + ", so it was not saved", "Correct it, or save it without --test.");
    }
  }
  TRY_ASSIGN(auto store, context->connections());
  const std::string name = connection.name;
  const std::string text = connector::connection_json(connection, connector::Secrets::kWithout);
  auto stored = sync_wait(store.put(std::move(connection)));
  if (!stored) return failed(std::move(stored.error()));
  if (fields.json) {
    fmt::print("{}\n", text);
  } else {
    fmt::print("Saved connection '{}'.", name);
    fmt::print("{}\n", fields.test_first ? "" : fmt::format(" Test it: armature connection test {}", name));
  }
  return {};
}

Expected<void, Failure> add(CommandContext* context, const FieldOptions& fields) {
  TRY_ASSIGN(auto store, context->connections());
  auto existing = sync_wait(store.find(fields.name));
  if (!existing) return failed(std::move(existing.error()));
  if (*existing && !fields.replace) {
    return failed(fmt::format("there is a connection '{}' already", fields.name),
                  fmt::format("Change it with `armature connection edit {0}`, or add it with --replace.", fields.name));
  }
  SavedConnection connection;
  connection.name = fields.name;
  TRY(apply_fields(fields, &connection));
  if (connection.region.empty()) {
    for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
      if (connection.region.empty()) connection.region = environment_variable(variable);
    }
    if (connection.region.empty()) connection.region = "us-east-1";
  }
  complete_keys(fields, &connection);
  connector::trim(&connection);
  return save(context, std::move(connection), fields);
}

Expected<void, Failure> edit(CommandContext* context, const FieldOptions& fields) {
  TRY_ASSIGN(SavedConnection connection, context->find_connection(fields.name));
  const std::string old_key = connection.access_key_id;
  TRY(unset_fields(fields.unset, &connection));
  TRY(apply_fields(fields, &connection));
  if (connection.access_key_id != old_key) {
    if (!fields.secret) connection.secret_access_key = Secret();
    if (!fields.session_token) connection.session_token = Secret();
  }
  if (fields.secret_from_stdin || connection.secret_access_key.empty()) complete_keys(fields, &connection);
  connector::trim(&connection);
  return save(context, std::move(connection), fields);
}

std::string shown_endpoint(const SavedConnection& connection) {
  return connection.endpoint.empty() ? "AWS" : connection.endpoint;
}

Expected<void, Failure> list(CommandContext* context, bool json) {
  TRY_ASSIGN(auto store, context->connections());
  auto all = sync_wait(store.list());
  if (!all) return failed(std::move(all.error()));
  if (json) {
    std::string text;
    wire::JsonWriter writer(&text);
    writer.begin_array();
    for (const SavedConnection& connection : *all)
      connector::write_connection(connection, connector::Secrets::kWithout, &writer);
    writer.end_array();
    fmt::print("{}\n", text);
    return {};
  }
  if (all->empty()) {
    fmt::print("No connections are saved. Add one: armature connection add NAME --endpoint URL --region REGION\n");
    return {};
  }
  TextTable table({"NAME", "ENDPOINT", "REGION", "ACCESS KEY ID", "ROLE", "USER ROLE", "ENVIRONMENT"});
  for (const SavedConnection& c : *all) {
    const std::string rights =
        fmt::format("{}{}", connector::user_role_name(c.user_role), c.read_only ? ", read-only" : "");
    table.add({c.name, shown_endpoint(c), c.region, c.access_key_id, c.role_arn, rights, c.environment});
  }
  fmt::print("{}", table.text(terminal_width()));
  return {};
}

Expected<void, Failure> show(CommandContext* context, const std::string& name, bool json) {
  TRY_ASSIGN(const SavedConnection connection, context->find_connection(name));
  const std::string text = connector::connection_json(connection, connector::Secrets::kWithout);
  if (json) {
    fmt::print("{}\n", text);
    return {};
  }
  Arena arena;
  const auto parsed = wire::parse_json(text, &arena);
  for (const wire::JsonMember& member : (*parsed)->members) {
    const bool plain = member.value.is(wire::Json::Kind::kString);
    if (member.name == "options" && member.value.members.empty()) continue;
    fmt::print("{:<18} {}\n", member.name, plain ? std::string(member.value.text) : connector::json_text(member.value));
  }
  return {};
}

Expected<void, Failure> remove(CommandContext* context, const std::string& name) {
  TRY_ASSIGN(const SavedConnection connection, context->find_connection(name));  // Names the near ones.
  TRY_ASSIGN(auto store, context->connections());
  auto removed = sync_wait(store.remove(connection.name));
  if (!removed) return failed(std::move(removed.error()));
  fmt::print("Removed connection '{}'.\n", connection.name);
  return {};
}

Expected<void, Failure> print_known_options(bool json) {
  if (json) {
    std::string text;
    wire::JsonWriter writer(&text);
    connector::write_known_options(&writer);
    fmt::print("{}\n", text);
    return {};
  }
  TextTable table({"OPTION", "KIND", "DEFAULT", "MEANING"});
  for (const connector::OptionDescription& option : connector::known_options()) {
    table.add({std::string(option.key),
               option.values.empty() ? std::string(connector::option_kind_name(option.kind))
                                     : fmt::format("{}", fmt::join(option.values, "|")),
               std::string(option.default_value), std::string(option.help)});
  }
  fmt::print("{}", table.text());
  return {};
}

struct ImportOptions {
  std::string profile;
  std::string name;
  std::string endpoint;
  std::string region;
  bool environment = false;
  bool list = false;
  bool replace = false;
};

Expected<void, Failure> import_profile(CommandContext* context, const ImportOptions& options) {
  auto configuration = connector::read_aws_configuration();
  if (!configuration) return failed(configuration.error());
  if (options.list) {
    for (const std::string& name : connector::profile_names(*configuration)) fmt::print("{}\n", name);
    return {};
  }
  std::string profile = options.profile;
  if (profile.empty()) profile = environment_variable("AWS_PROFILE");
  if (profile.empty()) profile = "default";
  auto imported = options.environment ? connector::connection_of_environment(*configuration)
                                      : connector::connection_of_profile(*configuration, profile);
  if (!imported) return failed(imported.error());
  SavedConnection connection = std::move(*imported);
  if (!options.name.empty()) connection.name = options.name;
  if (!options.endpoint.empty()) connection.endpoint = options.endpoint;
  if (!options.region.empty()) connection.region = options.region;
  TRY_ASSIGN(auto store, context->connections());
  auto existing = sync_wait(store.find(connection.name));
  if (!existing) return failed(std::move(existing.error()));
  if (*existing && !options.replace) {
    return failed(fmt::format("there is a connection '{}' already", connection.name),
                  "Import it under another --name, or with --replace.");
  }
  return save(context, std::move(connection), FieldOptions());
}

}  // namespace

void add_connection_command(CLI::App* app, CommandContext* context) {
  CLI::App* const command = app->add_subcommand("connection", "Saved connections to DynamoDB endpoints");
  command->require_subcommand(1);

  const auto add_fields = std::make_shared<FieldOptions>();
  CLI::App* const add_command = command->add_subcommand("add", "Save a connection");
  add_field_options(add_command, add_fields.get());
  add_command->add_flag("--replace", add_fields->replace, "Replace the one of that name");
  context->on(add_command, [=] { return add(context, *add_fields); });

  const auto edit_fields = std::make_shared<FieldOptions>();
  CLI::App* const edit_command = command->add_subcommand("edit", "Change what is named, keep the rest");
  add_field_options(edit_command, edit_fields.get());
  edit_command->add_option("--unset", edit_fields->unset,
                           "Option of this command, or connection option, to empty; repeatable");
  context->on(edit_command, [=] { return edit(context, *edit_fields); });

  const auto json = std::make_shared<bool>(false);
  const auto name = std::make_shared<std::string>();
  CLI::App* const list_command = command->add_subcommand("list", "Show what is saved");
  list_command->add_flag("--json", *json, "Print JSON");
  context->on(list_command, [=] { return list(context, *json); });

  CLI::App* const show_command = command->add_subcommand("show", "Show one, without its secrets");
  show_command->add_option("name", *name, "Name of the connection")->required();
  show_command->add_flag("--json", *json, "Print JSON");
  context->on(show_command, [=] { return show(context, *name, *json); });

  CLI::App* const test_command = command->add_subcommand("test", "Go through a connection step by step");
  test_command->add_option("name", *name, "Name of the connection; profile:NAME for one of the AWS CLI's");
  test_command->add_flag("--json", *json, "Print JSON");
  context->on(test_command, [=]() -> Expected<void, Failure> {
    TRY_ASSIGN(const SavedConnection connection, context->find_connection(*name));
    return test(context, connection, *json);
  });

  CLI::App* const remove_command = command->add_subcommand("remove", "Forget one");
  remove_command->add_option("name", *name, "Name of the connection")->required();
  context->on(remove_command, [=] { return remove(context, *name); });

  CLI::App* const options_command = command->add_subcommand("options", "List the connection options there are");
  options_command->add_flag("--json", *json, "Print JSON");
  context->on(options_command, [=] { return print_known_options(*json); });

  const auto import_options = std::make_shared<ImportOptions>();
  CLI::App* const import_command =
      command->add_subcommand("import-profile", "Save a profile of the AWS CLI, or the environment");
  import_command->add_option("profile", import_options->profile, "Profile; default AWS_PROFILE, then 'default'");
  import_command->add_option("--name", import_options->name, "Name to save it under; default the profile's");
  import_command->add_option("--endpoint", import_options->endpoint, "Endpoint URL, when the profile names none");
  import_command->add_option("--region", import_options->region, "Region, instead of the profile's");
  import_command->add_flag("--from-environment", import_options->environment,
                           "Take AWS_ACCESS_KEY_ID and the other variables");
  import_command->add_flag("--list", import_options->list, "List the profiles there are");
  import_command->add_flag("--replace", import_options->replace, "Replace the connection of that name");
  context->on(import_command, [=] { return import_profile(context, *import_options); });
}

}  // namespace armature::cmd
