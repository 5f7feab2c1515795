// Files only their owner may read: credentials and keys.
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"

namespace armature::cmd {

// Makes `file` with mode 0600 and writes it durably, whole or not at all; fails when it exists. The error is a sentence
// without an end: "cannot write x: Permission denied".
Expected<void, std::string> write_private_file(const std::string& file, std::string_view text);

// Replaces `file` by one with this text, atomically and durably.
Expected<void, std::string> replace_private_file(const std::string& file, std::string_view text);

}  // namespace armature::cmd
