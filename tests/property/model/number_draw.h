// NumberDraw: random numbers by the hundred thousand, for tests that compare with an oracle. The seed makes a run
// repeatable.
#pragma once

#include <cstdint>
#include <random>

#include "model/number.h"

namespace armature::test {

// Every kind of length and scale, often close to each other.
class NumberDraw {
 public:
  explicit NumberDraw(std::uint64_t seed) : random_(seed) {}

  Number number() {
    Number drawn;
    while (true) {
      const int digits = static_cast<int>(below(Number::kMaxDigits)) + 1;
      unsigned __int128 coefficient = 0;
      for (int i = 0; i < digits; ++i) coefficient = coefficient * 10 + digit();
      if (Number::from_parts(below(2) == 0, coefficient, exponent(), &drawn)) return drawn;
    }
  }

 private:
  static constexpr int kMinExponent = Number::kMinMagnitude - (Number::kMaxDigits - 1);

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  // Nines and zeros make carries and cancellations.
  unsigned digit() {
    const std::uint64_t kind = below(4);
    return kind == 0 ? 9 : kind == 1 ? 0 : static_cast<unsigned>(below(10));
  }
  int exponent() {
    switch (below(4)) {
      case 0: return 0;
      case 1: return static_cast<int>(below(300)) - 170;
      case 2: return kMinExponent + static_cast<int>(below(45));
      default: return static_cast<int>(below(60)) - 30;
    }
  }

  std::mt19937_64 random_;
};

}  // namespace armature::test
