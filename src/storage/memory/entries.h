// What the engines in memory are made of: ordered entries, pages of them, and the versions of keys.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/arena.h"
#include "storage/storage.h"

namespace armature::storage {

inline constexpr std::size_t kSpaceCount = 5;

struct MemoryEntry {
  Bytes value;
  Bytes position;  // Its home.
};

// The entries of one space, ordered by key.
using EntryMap = std::map<Bytes, MemoryEntry, std::less<>>;
// The entries of a key space or a partition, by Space.
using EntrySpaces = std::array<EntryMap, kSpaceCount>;

inline EntryMap& space_of(EntrySpaces& spaces, Space space) { return spaces[static_cast<std::size_t>(space)]; }

// Applies one write of a commit with that stamp.
void apply_write(const Write& write, Stamp stamp, EntryMap* entries);
void erase_range(BytesView begin, BytesView end, EntryMap* entries);
// Empties the spaces that `drop` names.
void drop_spaces(Drop drop, EntrySpaces* spaces);
inline bool has_stamped_write(const Batch& batch) {
  return std::any_of(batch.writes.begin(), batch.writes.end(), [](const Write& write) { return write.is_stamped(); });
}

// The versions of all keys, absent ones too. Keys share 4,096 counters by hash, so two keys may conflict although they
// are different.
class KeyVersions {
 public:
  Version version(KeySpaceId key_space, Space space, BytesView key) const;
  void change(KeySpaceId key_space, Space space, BytesView key);

 private:
  static std::size_t index_of(KeySpaceId key_space, Space space, BytesView key);

  std::vector<Version> versions_ = std::vector<Version>(4096, 1);
};

// Fills a page from one map after another.
class PageBuilder {
 public:
  explicit PageBuilder(const RangeRequest& request) : request_(request) {}

  // Adds what the range still wants of `entries`, which lie behind (reverse: before) all that was added so far. False
  // once the page is complete and `more` is known.
  bool add(const EntryMap& entries);

  RangePage take() &&;

 private:
  bool full() const;
  void append(const EntryMap::value_type& entry);

  const RangeRequest& request_;
  std::size_t bytes_ = 0;
  std::shared_ptr<Arena> memory_ = std::make_shared<Arena>();
  RangePage page_;
};

}  // namespace armature::storage
