// Storage: the whole of what an engine has to be. It stores bytes under ordered keys and commits batches
// conditionally and atomically; it does not know what an item is. See docs/architecture.md, "Storage".
//
// Vocabulary. A *key space* (a table, or one GSI) is ordered by key and cut into *partitions* by key range.
// Every entry has a *home*: the partition that covers the item it follows from, named by that item's key, the home
// *position*. A partition holds several ordered *spaces*. Where a space's own keys begin with the item's token (kItems,
// kLsi), the order of entries is the order of homes, and a range read crosses partitions; in the other spaces
// (kStream, kTtl, kOutbox) order exists only inside one partition, and a range read names it.
//
// All methods are thread-safe coroutines. They resume the caller on the executor it called from (base/executor.h) and
// never block it. Views passed in must stay valid until the task is done. Returned bytes are owned.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/bytes_or_view.h"
#include "base/expected.h"
#include "base/task.h"

namespace armature::storage {

// Never reused, not even after the key space was dropped. Ids below kFirstUserKeySpace are the system's own.
using KeySpaceId = std::uint64_t;
inline constexpr KeySpaceId kCatalogKeySpace = 1;      // Table definitions, settings.
inline constexpr KeySpaceId kIdentityKeySpace = 2;     // Users, keys, roles, policies, connections.
inline constexpr KeySpaceId kTransactionKeySpace = 3;  // Idempotency tokens of transactions.
inline constexpr KeySpaceId kFirstUserKeySpace = 1024;

enum class Space : std::uint8_t { kItems = 0, kLsi = 1, kStream = 2, kTtl = 3, kOutbox = 4 };

using PartitionId = std::uint64_t;

// Where an entry lives. `position` is the key, in kItems, of the item the entry follows from.
struct Home {
  KeySpaceId key_space;
  BytesView position;
};

// Names the state of one key at one moment; an absent key has a version too. Compared for equality only.
using Version = std::uint64_t;

enum class ReadMode : std::uint8_t {
  // The newest acknowledged value.
  kCommitted,
  // The newest value, even if its own commit is not durable yet: for reads that go into a commit's read set. Such
  // a commit is acknowledged only after those it builds on, and fails if they fail.
  kForUpdate,
};

struct Versioned {
  bool found = false;
  Version version = 0;  // Set with kForUpdate; 0 otherwise.
  Bytes value;          // Empty unless found.
};

enum class StorageErrorCode : std::uint8_t {
  kConflict,        // A read of the batch is out of date; nothing was written. Read again, decide again.
  kNoSpace,         // The disk is full; nothing was written.
  kCorruption,      // Stored bytes failed their checksum or do not parse.
  kUnavailable,     // Shut down, or the cluster does not answer; nothing was written.
  kOutcomeUnknown,  // The commit may or may not have happened.
  kIo,              // The engine failed in another way; nothing was written as far as it can tell.
};

struct StorageError {
  StorageErrorCode code;
  std::string message;  // For the log, never for a client.
};

template <class T>
using StorageResult = Expected<T, StorageError>;

enum class Durability : std::uint8_t {
  kDurable,   // Acknowledged means it survives power loss.
  kBuffered,  // Acknowledged means it survives a crash of this process.
};

// Bounds are keys of `space`; `begin` inclusive, `end` exclusive, empty `end` = no bound.
struct RangeRequest {
  KeySpaceId key_space = 0;
  Space space = Space::kItems;
  // Required for kStream, kTtl and kOutbox; ignored for kItems and kLsi.
  PartitionId partition = 0;
  BytesView begin;
  BytesView end;
  bool reverse = false;           // From `end` down to `begin`.
  std::size_t limit_entries = 0;  // At least 1.
  // The page ends after the entry that reaches this many bytes of keys and values; at least one entry comes back if
  // there is one.
  std::size_t limit_bytes = 1 << 20;
};

struct Entry {
  BytesView key;
  BytesView value;
};

// Entries of one range page; they borrow from `memory`, which moves with the page.
struct RangePage {
  std::vector<Entry> entries;
  bool more = false;  // The limits ended the page, not the range. Continue behind (reverse: before) the last key.
  std::vector<std::shared_ptr<const void>> memory;
};

// When a commit happened, as a number that orders commits: microseconds since 1970 by the engine's clock, or one more
// than the last where that clock stands still or went back. Within a key space no two commits have the same, also after
// a restart. See Storage::stamp().
using Stamp = std::uint64_t;
inline constexpr std::size_t kStampBytes = 8;
inline constexpr std::uint32_t kNoStamp = 0xffffffff;

// A change of one entry.
struct Write {
  Home home;
  Space space;
  BytesOrView key;
  bool erase = false;
  BytesOrView value;
  // Where in `key` the engine puts the stamp of the commit: kStampBytes of it from here on, big-endian, whatever they
  // were. Only in kStream, and not as a follow-up. Such a key is new by its nature, so it takes no part in conflicts:
  // no commit names it among its reads, and a read for update may miss it until it is durable.
  std::uint32_t stamp_at = kNoStamp;

  bool is_stamped() const { return stamp_at != kNoStamp; }
};

// A key a commit depends on, with the version a kForUpdate read returned.
struct ReadCheck {
  Home home;
  Space space;
  BytesView key;
  Version version;
};

// What a commit adds to the statistics of a key space.
struct StatsDelta {
  KeySpaceId key_space;
  std::int64_t entries = 0;
  std::int64_t bytes = 0;
};

// All views of a batch, and what its writes borrow, point outside of it, at bytes that outlive the commit: moving a
// batch would move short strings it owns itself.
struct Batch {
  std::vector<ReadCheck> reads;
  std::vector<Write> writes;
  // May land after the acknowledgement, but exactly once and never lost. Changes of one key land in the order of their
  // commits, whether they are writes or follow-ups.
  std::vector<Write> follow_ups;
  std::vector<StatsDelta> stats;
};

// Grows with every commit of the process's engine. Later commits on the same key have larger ones.
using CommitVersion = std::uint64_t;

struct KeySpaceStats {
  std::int64_t entries = 0;
  std::int64_t bytes = 0;
};

// A partition covers home positions in [begin, end); empty `end` = no bound.
struct Partition {
  PartitionId id = 0;
  Bytes begin;
  Bytes end;
  PartitionId parent = 0;  // The partition it was split from; 0 for the first of a key space.
};

enum class Drop : std::uint8_t {
  kEverything,
  kAllButStream,  // kStream stays, to be read, erased or dropped later.
};

struct ReadKey {
  Home home;
  Space space;
  BytesView key;
};

class Storage {
 public:
  virtual ~Storage() = default;

  // The value of `key` in its home. Linearizable.
  virtual Task<StorageResult<Versioned>> get(ReadKey key, ReadMode mode) = 0;
  // Many at once, results in the order of `keys`. Each is linearizable by itself; together they are no snapshot.
  virtual Task<StorageResult<std::vector<Versioned>>> get_many(std::span<const ReadKey> keys, ReadMode mode) = 0;
  // Acknowledged entries of a range. Every entry is whole and was current at some moment during the call.
  virtual Task<StorageResult<RangePage>> range(RangeRequest request) = 0;

  // All of `batch` or none of it, across homes too. kConflict when a key of batch.reads no longer has the version
  // that was read. `durability` says what the commit must survive before this returns.
  virtual Task<StorageResult<CommitVersion>> commit(Batch batch, Durability durability) = 0;

  // How far the key space can be read in the order of its commits: ranges read from now on show every stamped write of
  // every commit up to this stamp, and commits that come to show later have larger ones. No smaller than the stamp of
  // any commit that was acknowledged before the call. 0: nothing was ever stamped.
  virtual Task<StorageResult<Stamp>> stamp(KeySpaceId key_space) = 0;

  // The partitions of a key space now, in order; at least one, also before the first write.
  virtual Task<StorageResult<std::vector<Partition>>> partitions(KeySpaceId key_space) = 0;

  // Sums of the StatsDeltas committed for the key space; exact, also after a crash.
  virtual Task<StorageResult<KeySpaceStats>> stats(KeySpaceId key_space) = 0;

  // Drops the spaces of a key space and its statistics, cheaply and for ever. Reads and commits in what was dropped are
  // errors of the caller from then on.
  virtual Task<StorageResult<void>> drop_key_space(KeySpaceId key_space, Drop drop) = 0;

  // Erases the keys in [begin, end) of kStream of one partition, cheaply however many they are; the bounds are not
  // empty. Outside of versions: what reads or writes these keys meanwhile sees some of them gone. An unknown partition
  // has none.
  virtual Task<StorageResult<void>> erase_stream(KeySpaceId key_space, PartitionId partition, BytesView begin,
                                                 BytesView end) = 0;
};

}  // namespace armature::storage
