#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace armature {

void assertion_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "armature: assertion failed: %s (%s:%d). This is a bug in Armature.\n", expression, file, line);
  std::abort();
}

}  // namespace armature
