#pragma once

#include <CLI/CLI.hpp>
#include <memory>

namespace armature::cmd {

template <class Options>
CLI::App* add_command(CLI::App* parent, const char* name, const char* help, std::shared_ptr<Options> options,
                      Chosen* chosen, int (*run)(const Options&)) {
  CLI::App* command = parent->add_subcommand(name, help);
  add_caller_options(command, &options->caller);
  command->callback([options, chosen, run] { *chosen = [options, run] { return run(*options); }; });
  return command;
}

}  // namespace armature::cmd
