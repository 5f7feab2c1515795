// `armature user|key|group|policy|role|allow-ip`: the identities of a server, managed over its own API by whoever has
// the keys for it.
#pragma once

#include <memory>
#include <optional>

namespace CLI {
class App;
}

namespace armature::cmd {

// What to run once the command line is parsed: nothing unless one of these commands was named. Owns its options.
class IdentityCommands {
 public:
  // Adds the commands to `app`, which must not outlive this.
  explicit IdentityCommands(CLI::App* app);
  ~IdentityCommands();
  // The exit status; nullopt when another command was named.
  std::optional<int> run();

 private:
  struct Options;
  const std::unique_ptr<Options> options_;
};

}  // namespace armature::cmd
