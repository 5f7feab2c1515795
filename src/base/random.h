// Random numbers as injected dependencies. `SeededRandom` is for simulations and sampling;
// `secure_random_bytes` is for keys, tokens and ids that must not be guessed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace armature {

// xoshiro256**: fast, good, reproducible from its seed. Not thread-safe; not for secrets.
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed);
  std::uint64_t next();
  // Uniform in [0, bound); bound must not be 0.
  std::uint64_t below(std::uint64_t bound);
  // Uniform in [0, 1).
  double unit();

 private:
  std::uint64_t state_[4];
};

// `count` bytes from the operating system's generator. Thread-safe. Ends the process if the
// system has none to give.
Bytes secure_random_bytes(std::size_t count);

// `length` characters of `alphabet`, each as likely as any other; for ids and secrets that people copy. The alphabet
// has 2 to 256 characters.
Bytes secure_random_text(std::string_view alphabet, std::size_t length);

// A random version 4 UUID in lower case, with hyphens.
Bytes random_uuid();

}  // namespace armature
