// Which item a request is for. Source for the Zipfian form: Gray et al., "Quickly generating billion-record synthetic
// databases" (SIGMOD 1994), as YCSB uses it; ranks are scattered over the keys so that hot items are not neighbours.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/random.h"

namespace armature::cmd {

class KeyChooser {
 public:
  KeyChooser(std::uint64_t items, bool zipfian) : items_(items), zipfian_(zipfian) {
    if (!zipfian_) return;
    zeta_ = zeta(items);
    eta_ = (1 - std::pow(2.0 / static_cast<double>(items), 1 - kTheta)) / (1 - zeta(2) / zeta_);
  }

  std::uint64_t next(SeededRandom* random) const {
    if (!zipfian_) return random->below(items_);
    const double u = random->unit();
    const double uz = u * zeta_;
    std::uint64_t rank = 0;
    if (uz >= 1 + std::pow(0.5, kTheta)) {
      rank = static_cast<std::uint64_t>(static_cast<double>(items_) * std::pow(eta_ * u - eta_ + 1, 1 / (1 - kTheta)));
    } else if (uz >= 1) {
      rank = 1;
    }
    return scatter(rank) % items_;
  }

 private:
  static constexpr double kTheta = 0.99;

  static double zeta(std::uint64_t count) {
    double sum = 0;
    for (std::uint64_t i = 1; i <= count; ++i) sum += 1 / std::pow(static_cast<double>(i), kTheta);
    return sum;
  }
  static std::uint64_t scatter(std::uint64_t value) {
    value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdULL;
    value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return value ^ (value >> 33);
  }

  std::uint64_t items_;
  bool zipfian_;
  double zeta_ = 0;
  double eta_ = 0;
};

}  // namespace armature::cmd
