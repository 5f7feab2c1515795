// The commands of the command line that use the connector: connection, query, sql, copy, import, export.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace armature::cmd {

class CommandContext;

class ConnectorCommands {
 public:
  // Adds them to `app`.
  explicit ConnectorCommands(CLI::App* app);
  ~ConnectorCommands();

  // Runs the one that was parsed; its exit status: 0 it worked, 1 it did not, 2 it was misused. nullopt: none was
  // parsed.
  std::optional<int> run();

 private:
  std::unique_ptr<CommandContext> context_;
};

}  // namespace armature::cmd
