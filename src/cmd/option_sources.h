// Where options of `armature serve` come from beside its command line: ARMATURE_* variables and a configuration file.
// The command line wins over the environment, and that over the file.
#pragma once

#include <string>
#include <vector>

#include "base/expected.h"

namespace CLI {
class App;
}

namespace armature::cmd {

// Makes what the file that --config names in `argv` says, and the variables of negated options (ARMATURE_NO_CORS), into
// the variables of `serve`'s options, before `argv` is parsed. The error names what is wrong, and where.
Expected<void, std::string> apply_option_sources(const CLI::App& serve, int argc, char** argv);

// The ARMATURE_* variables of the environment that mean nothing to `serve`: more likely misspelt than meant for nobody.
std::vector<std::string> variables_of_no_option(const CLI::App& serve);

}  // namespace armature::cmd
