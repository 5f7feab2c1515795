// Gives out stamps (storage.h): the time in microseconds, but never the same or an earlier one again. For engines; not
// thread-safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstring>

#include "base/bytes.h"
#include "storage/storage.h"

namespace armature::storage {

class StampClock {
 public:
  // Larger than every stamp given before.
  Stamp next() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    last_ = std::max(last_ + 1, static_cast<Stamp>(std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
    return last_;
  }
  Stamp last() const { return last_; }
  // Goes on behind a stamp that was given in an earlier life.
  void go_on_from(Stamp last) { last_ = std::max(last_, last); }

 private:
  Stamp last_ = 0;
};

// `key` with the stamp where `write` wants it.
inline Bytes stamped_key(const Write& write, Stamp stamp) {
  Bytes key(write.key.view());
  const std::uint64_t big_endian = __builtin_bswap64(stamp);
  std::memcpy(key.data() + write.stamp_at, &big_endian, sizeof big_endian);
  return key;
}

}  // namespace armature::storage
