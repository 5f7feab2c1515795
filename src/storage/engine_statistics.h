// Numbers an engine keeps about itself, for the metrics page. A separate interface, because no operation needs them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace armature::storage {

struct EngineNumber {
  enum class Kind : std::uint8_t {
    kCounter,  // Only grows while the process lives.
    kGauge,
  };
  std::string_view name;  // As Prometheus wants it, unit included: "armature_storage_commits_total".
  std::string_view help;
  Kind kind;
  double value;
};

class EngineStatistics {
 public:
  virtual ~EngineStatistics() = default;
  // What the numbers are now. Thread-safe; cheap enough to be asked every few seconds.
  virtual std::vector<EngineNumber> statistics() const = 0;
};

}  // namespace armature::storage
