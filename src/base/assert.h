// Assertions state what must hold if we are right. They stay on in release builds: a wrong answer
// from a database costs more than a comparison. User input never reaches one.
#pragma once

namespace armature {

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace armature

#define ARMATURE_ASSERT(expression)                             \
  (__builtin_expect(static_cast<bool>(expression), 1) ? void(0) \
                                                      : ::armature::assertion_failed(#expression, __FILE__, __LINE__))
