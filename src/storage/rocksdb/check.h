// `armature check DIR`: is everything in a data directory readable and consistent? For a directory no server uses;
// nothing in it is changed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "storage/storage.h"

namespace armature::storage {

// What the caller, who knows what entries mean, says about one.
struct EntryVerdict {
  std::string problem;        // Empty: the entry is sound.
  KeySpaceStats counted;      // What the entry adds to the statistics of its key space,
  KeySpaceId counted_as = 0;  // or, when not 0, of this one.
};

struct CheckOptions {
  std::string directory;
  // Called for every entry, in the order of space, key space and key. Absent: entries are only read, and the statistics
  // are not compared.
  std::function<EntryVerdict(Space space, KeySpaceId key_space, BytesView key, BytesView value)> verify_entry;
  // Asked after all entries were verified: problems that no entry shows by itself, a sentence each.
  std::function<std::vector<std::string>()> verify_whole;
  // Asked after all entries were verified: whether what was counted for a key space has to equal its statistics.
  // Absent: always.
  std::function<bool(KeySpaceId key_space)> is_counted;
  // Called now and then; `done` entries were read of about `total`.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
  // Beyond this many problems only their number is kept.
  std::size_t most_problems = 100;
};

struct CheckReport {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;  // Of keys and values.
  std::uint64_t key_spaces = 0;
  std::uint64_t problem_count = 0;
  std::vector<std::string> problems;  // A sentence each, the first ones.

  bool sound() const { return problem_count == 0; }
};

// An error means the check could not be made: no data directory, a newer format, a server running on it (kUnavailable).
// What is damaged inside is in the report. Blocks, for as long as it takes to read everything.
StorageResult<CheckReport> check_rocksdb(const CheckOptions& options);

}  // namespace armature::storage
