// One shard of the entry cache: a hash table over a log of entries in memory. Not thread-safe.
//
//   oldest segment                          newest segment
//   | gone | valid | stale | valid |  ...   | valid | valid | free      |
//             ^ hand                                          ^ the next entry
//
// Entries are written one behind the other into segments of one size, so no memory is lost between them however their
// sizes change; a larger entry, of up to a quarter of the log, gets a segment of its own. When the log is full, a hand
// goes through the oldest segment, moves what was used since it was there last to the end and lets go of the rest; then
// the segment is freed.
//
// An entry that is erased becomes stale: it keeps its place and its link until the hand comes. A value for the same key
// that fits is written into it, so an item that is written again and again stays where it is, and the log does not run
// round for it. When less than about two thirds are valid, the hand goes on without need and closes the gaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "storage/storage.h"

namespace armature::storage {

class EntryLog {
 public:
  struct Key {
    KeySpaceId key_space;
    BytesView key;
    std::uint64_t hash;  // Of both. The upper bits may be the same for all keys of a log.
  };

  // Holds nothing until a capacity is set.
  EntryLog() = default;
  // `capacity_bytes` counts all memory: entries, gaps and the table.
  EntryLog(std::size_t capacity_bytes, std::size_t segment_bytes);

  // Copies the value to `*value`; false when there is none.
  bool find(const Key& key, Bytes* value);
  // Keeps a copy in place of what was there. What is too large for the log only loses what was there.
  void keep(const Key& key, BytesView value);
  // keep(), but when the log is full only if the key was offered lately. False if it was full.
  bool offer(const Key& key, BytesView value);
  void erase(const Key& key);
  void erase_key_space(KeySpaceId key_space);

  // Lets go of what is too much.
  void set_capacity(std::size_t capacity_bytes);
  std::size_t used_bytes() const;

 private:
  struct Entry;
  // A place in the table. With the whole hash in it, entries are looked at where they are what is looked for.
  struct Slot {
    std::uint64_t hash = 0;
    Entry* entry = nullptr;  // nullptr: free.
  };
  struct Segment {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t used = 0;

    Entry* at(std::size_t offset) const { return reinterpret_cast<Entry*>(bytes.get() + offset); }
  };
  // Why the hand moves: to make room, where it moves what was used lately while `may_move_bytes` last, which bounds
  // what one call costs; or to close gaps, where it moves all that is valid.
  struct Sweep {
    bool closes_gaps = false;
    std::size_t may_move_bytes = 0;
  };

  bool is_too_large(const Key& key, BytesView value) const;
  bool has_room(std::size_t entry_bytes) const;
  Entry* find_entry(const Key& key) const;
  bool overwrite(Entry* entry, const Key& key, BytesView value);
  void append(const Key& key, BytesView value, std::size_t room);
  void add_segment(std::size_t bytes);
  void invalidate(Entry* entry);
  void link(std::uint64_t hash, Entry* entry);
  void unlink(Entry* entry);
  void grow_table();
  bool was_noted(const Key& key);
  void shrink();
  void make_room(std::size_t entry_bytes);
  void close_gaps();
  void step(Sweep* sweep);

  std::size_t capacity_ = 0;
  std::size_t segment_bytes_ = 0;
  // A power of two of slots; an entry stands in the first free one from its hash on.
  std::vector<Slot> table_;
  std::size_t linked_ = 0;  // Entries in it.
  std::deque<Segment> log_;
  std::size_t hand_ = 0;  // In the oldest segment.
  std::size_t segments_bytes_ = 0;
  std::size_t valid_bytes_ = 0;
  std::size_t invalid_bytes_ = 0;     // In front of the ends of the segments: stale and gone.
  std::vector<std::uint16_t> noted_;  // Part of the hash of keys that were offered, each at its place; 0: none.
};

}  // namespace armature::storage
