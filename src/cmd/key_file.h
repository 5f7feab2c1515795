// The key file: keeps the keys under which secrets lie in the data, outside of the data (auth/secrets/key_ring.h).
#pragma once

#include <string>

#include "auth/secrets/key_ring.h"
#include "base/expected.h"

namespace CLI {
class App;
}

namespace armature::cmd {

// Reads `file`. Where there is none: makes one, readable by its owner alone, unless `needed` says that there is data
// which only the lost one opens. The error says what to do.
Expected<auth::KeyRing, std::string> load_or_make_key_file(const std::string& file, bool needed);

// `armature key-file rotate FILE`: puts a new key in front; the server takes it up at its next start.
struct KeyFileOptions {
  std::string file;
};
CLI::App* add_key_file_command(CLI::App* app, KeyFileOptions* options);
int rotate_key_file(const KeyFileOptions& options);

}  // namespace armature::cmd
