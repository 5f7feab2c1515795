#include <fmt/format.h>

#include <algorithm>

#include "base/arena.h"
#include "cmd/iam/commands.h"

namespace armature::cmd {
namespace {

struct AllowIpOptions {
  CallerOptions caller;
  std::vector<std::string> addresses;
  bool force = false;
};

struct AllowList {
  std::vector<std::string> addresses;
  std::string source;
  std::string peer;
};

CommandResult<AllowList> read_list(const std::string& reply) {
  Arena arena;
  const auto json = wire::parse_json(reply, &arena);
  const wire::Json* addresses = json ? (*json)->find("AllowedIps") : nullptr;
  const wire::Json* source = json ? (*json)->find("Source") : nullptr;
  const wire::Json* peer = json ? (*json)->find("PeerAddress") : nullptr;
  if (addresses == nullptr || source == nullptr || peer == nullptr) {
    return Unexpected(CommandError{"", "the endpoint does not answer as an Armature server does"});
  }
  AllowList list;
  for (const wire::Json& element : addresses->elements) list.addresses.emplace_back(element.text);
  list.source = source->text;
  list.peer = peer->text;
  return list;
}

CommandResult<AllowList> get(Caller* caller) {
  TRY_ASSIGN(const std::string reply, caller->json(connector::Service::kArmature, "GetAllowList", "{}"));
  return read_list(reply);
}

// nullptr: what the command line says.
CommandResult<AllowList> put(Caller* caller, const std::vector<std::string>* addresses, bool force) {
  Bytes body;
  wire::JsonWriter json(&body);
  json.begin_object();
  if (addresses != nullptr) {
    json.key("AllowedIps");
    json.begin_array();
    for (const std::string& address : *addresses) json.string(address);
    json.end_array();
  }
  if (force) json.member_bool("AllowLockout", true);
  json.end_object();
  TRY_ASSIGN(const std::string reply, caller->json(connector::Service::kArmature, "PutAllowList", body));
  return read_list(reply);
}

void print_list(const AllowList& list, bool json) {
  if (json) {
    Bytes text;
    wire::JsonWriter writer(&text);
    writer.begin_object();
    writer.key("allowedIps");
    writer.begin_array();
    for (const std::string& address : list.addresses) writer.string(address);
    writer.end_array();
    writer.member("source", list.source);
    writer.member("peerAddress", list.peer);
    writer.end_object();
    fmt::print("{}\n", text);
    return;
  }
  if (list.addresses.empty()) fmt::print("Any address may connect ({}).\n", list.source);
  for (const std::string& address : list.addresses) fmt::print("{}\n", address);
  if (!list.addresses.empty()) fmt::print("and loopback, always ({}). You come from {}.\n", list.source, list.peer);
}

using Edit = std::vector<std::string> (*)(std::vector<std::string> now, const std::vector<std::string>& given);

int edit(const char* name, const AllowIpOptions& options, Edit edit) {
  return with_caller(name, options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const AllowList now, get(caller));
    const std::vector<std::string> next = edit(now.addresses, options.addresses);
    // No address left would mean everybody.
    if (next.empty()) {
      return Unexpected(CommandError{
          "",
          "no address would be left, and an empty list lets everybody in: if that is meant, armature allow-ip clear"});
    }
    TRY_ASSIGN(const AllowList list, put(caller, &next, options.force));
    print_list(list, options.caller.json);
    return {};
  });
}

int show(const AllowIpOptions& options) {
  return with_caller("allow-ip show", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const AllowList list, get(caller));
    print_list(list, options.caller.json);
    return {};
  });
}

int set(const AllowIpOptions& options) {
  return edit("allow-ip set", options,
              [](std::vector<std::string>, const std::vector<std::string>& given) { return given; });
}

int add_addresses(const AllowIpOptions& options) {
  return edit("allow-ip add", options, [](std::vector<std::string> now, const std::vector<std::string>& given) {
    for (const std::string& address : given) {
      if (std::find(now.begin(), now.end(), address) == now.end()) now.push_back(address);
    }
    return now;
  });
}

int remove_addresses(const AllowIpOptions& options) {
  return edit("allow-ip remove", options, [](std::vector<std::string> now, const std::vector<std::string>& given) {
    for (const std::string& address : given) std::erase(now, address);
    return now;
  });
}

int clear(const AllowIpOptions& options) {
  return with_caller("allow-ip clear", options.caller, [&](Caller* caller) -> CommandResult<void> {
    const std::vector<std::string> nobody;
    TRY_ASSIGN(const AllowList list, put(caller, &nobody, options.force));
    print_list(list, options.caller.json);
    return {};
  });
}

int reset(const AllowIpOptions& options) {
  return with_caller("allow-ip reset", options.caller, [&](Caller* caller) -> CommandResult<void> {
    TRY_ASSIGN(const AllowList list, put(caller, nullptr, options.force));
    print_list(list, options.caller.json);
    return {};
  });
}

}  // namespace

void add_allow_ip_commands(CLI::App* app, Chosen* chosen) {
  CLI::App* allow_ip = app->add_subcommand("allow-ip", "Which addresses may connect to the server at all");
  allow_ip->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*run)(const AllowIpOptions&), bool addresses) {
    const auto options = std::make_shared<AllowIpOptions>();
    CLI::App* command = add_command(allow_ip, name, help, options, chosen, run);
    if (addresses) command->add_option("addresses", options->addresses, "Addresses or CIDR blocks")->required();
    command->add_flag("--force", options->force, "Also when it shuts out the address you come from");
  };
  add("show", "Show the list", show, false);
  add("set", "Allow these addresses, and no others", set, true);
  add("add", "Allow these addresses, too", add_addresses, true);
  add("remove", "Do not allow these addresses any more", remove_addresses, true);
  add("clear", "Allow any address", clear, false);
  add("reset", "Use the list of the server's command line again", reset, false);
}

}  // namespace armature::cmd
