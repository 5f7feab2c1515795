// A distributed engine as its callers meet it, in one process and from one seed: partitions that split while they are
// used, answers that come late, conflicts for no visible reason, follow-ups that land after the acknowledgement. What
// is written against it will not be surprised by a cluster.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "storage/storage.h"

namespace armature::storage {

struct SimulatedOptions {
  std::uint64_t seed = 1;
  // A call waits up to this long on its way there, and again on its way back.
  std::chrono::microseconds longest_delay{1000};
  // Of 1,000 commits that could conflict, this many do although nothing changed.
  int spurious_conflicts_per_mille = 50;
  // Of 1,000 looks at the partition map, this many find one that is older than the last split.
  int stale_maps_per_mille = 200;
  // A partition splits when it has more entries, or served more calls since it was made.
  std::size_t split_entries = 64;
  std::size_t split_calls = 2000;
  // Follow-ups land within this time after the acknowledgement; those of one key in the order of their commits.
  std::chrono::microseconds longest_follow_up_delay{5000};
};

class SimulatedStorage : public Storage {
 public:
  // Lets every outstanding follow-up land now. Thread-safe.
  virtual void settle() = 0;
};

std::unique_ptr<SimulatedStorage> make_simulated_storage(const SimulatedOptions& options);

}  // namespace armature::storage
