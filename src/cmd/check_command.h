// `armature check`: verifies the data directory of a stopped server.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace armature::cmd {

struct CheckOptions {
  std::string directory;
};

CLI::App* add_check_command(CLI::App* app, CheckOptions* options);
// 0 when the directory is sound; 1 when it is not, with each problem on standard error.
int check(const CheckOptions& options);

}  // namespace armature::cmd
