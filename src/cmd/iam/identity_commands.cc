#include "cmd/iam/identity_commands.h"

#include <CLI/CLI.hpp>

#include "cmd/iam/commands.h"

namespace armature::cmd {

struct IdentityCommands::Options {
  Chosen chosen;
};

IdentityCommands::IdentityCommands(CLI::App* app) : options_(std::make_unique<Options>()) {
  add_user_commands(app, &options_->chosen);
  add_key_commands(app, &options_->chosen);
  add_group_commands(app, &options_->chosen);
  add_policy_commands(app, &options_->chosen);
  add_role_commands(app, &options_->chosen);
  add_allow_ip_commands(app, &options_->chosen);
}

IdentityCommands::~IdentityCommands() = default;

std::optional<int> IdentityCommands::run() {
  if (!options_->chosen) return std::nullopt;
  return options_->chosen();
}

}  // namespace armature::cmd
