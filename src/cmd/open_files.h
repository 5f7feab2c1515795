// How many files and sockets the process may have open, and who gets them.
#pragma once

#include <cstddef>

namespace armature::cmd {

// Raises the limit of this process to what the system lets it have, and returns it.
std::size_t raise_open_file_limit();

// How many of `limit` may be connections, at most `wanted`. The rest is for the engine: it cannot write without a new
// file now and then, so strangers who only connect must not be able to take the last one.
std::size_t connections_within(std::size_t limit, std::size_t wanted);

}  // namespace armature::cmd
