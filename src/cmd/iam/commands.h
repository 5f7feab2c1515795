// One function a command: adds it to `app`, and leaves in `*chosen` what to run when it is the one that was named.
// Private to this folder.
#pragma once

#include <functional>

#include "cmd/iam/caller.h"

namespace armature::cmd {

using Chosen = std::function<int()>;

void add_user_commands(CLI::App* app, Chosen* chosen);
void add_key_commands(CLI::App* app, Chosen* chosen);
void add_group_commands(CLI::App* app, Chosen* chosen);
void add_policy_commands(CLI::App* app, Chosen* chosen);
void add_role_commands(CLI::App* app, Chosen* chosen);
void add_allow_ip_commands(CLI::App* app, Chosen* chosen);

// Adds `name` below `parent` with the options every call needs; `run` becomes what is chosen. `options` lives as long
// as the command line is parsed and run.
template <class Options>
CLI::App* add_command(CLI::App* parent, const char* name, const char* help, std::shared_ptr<Options> options,
                      Chosen* chosen, int (*run)(const Options&));

// A new access key of `user`, printed once: as it is, and as a profile of the AWS configuration.
CommandResult<void> create_and_print_key(Caller* caller, const std::string& user, bool json);
// Attaches or puts the ready policy; `holder` is "User", "Group" or "Role". The error says what to do.
CommandResult<void> give_ready_policy(Caller* caller, const std::string& holder, const std::string& name,
                                      const std::string& policy, const std::string& table);
// A name or an ARN of a managed policy to its ARN.
CommandResult<std::string> policy_arn(Caller* caller, const std::string& name_or_arn);

}  // namespace armature::cmd

#include "cmd/iam/commands_inl.h"
