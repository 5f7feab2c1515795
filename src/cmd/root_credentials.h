// The root credentials: from the environment, from a file beside the data directory, or made on first start.
#pragma once

#include <string>

#include "base/expected.h"
#include "base/secret.h"

namespace armature::cmd {

struct RootCredentials {
  std::string access_key_id;
  Secret secret_access_key;
  // Where they came from, for the start-up lines.
  enum class Source { kEnvironment, kFile, kGenerated, kGeneratedForThisRun } source = Source::kEnvironment;
  std::string file;  // With kFile and kGenerated.
};

// Reads `file` (two lines, as `aws configure` names them), or generates a key pair and writes it there, readable by its
// owner alone. The error says what to do.
Expected<RootCredentials, std::string> load_or_generate_root_credentials(const std::string& file);

// A key pair for one run; nothing is written.
RootCredentials generate_root_credentials();

}  // namespace armature::cmd
