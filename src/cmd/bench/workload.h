// What the load generator sends: the table a workload needs, its items, and its requests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "cmd/bench/key_chooser.h"

namespace armature::cmd {

enum class Mix {
  kBare,  // GET /debug/bare: what HTTP alone costs.
  kGet,
  kPut,
  kPutGsi,     // PutItem on a table with two global indexes: one whose keys stay, one whose keys move with every put.
  kUpdate,     // UpdateItem: one field replaced, one counter added to.
  kQuery,      // One item collection, page_items items.
  kScan,       // Pages of page_items items, one segment a connection.
  kYcsbA,      // 50% reads, 50% updates.
  kYcsbB,      // 95% reads, 5% updates.
  kYcsbC,      // Reads.
  kYcsbF,      // 50% reads, 50% read-modify-writes.
  kTtl,        // GetItem before and while the other items of the table expire.
  kPutStream,  // As kPut, into a table with a stream of both images.
  kStream,     // As kPutStream, but measured is how long after it was sent a write can be read from the stream.
};
std::optional<Mix> parse_mix(std::string_view name);
std::string_view mix_name(Mix mix);

// The attribute of items that the stream workload writes which says when: nanoseconds of the generator's steady clock.
inline constexpr std::string_view kSentAttribute = "sent";

// Items of one collection in the table of the query workload.
inline constexpr std::uint64_t kCollectionItems = 100;

struct WorkloadOptions {
  Mix mix = Mix::kGet;
  std::string table;
  std::uint64_t items = 0;
  std::uint32_t item_bytes = 0;
  std::uint32_t page_items = 0;
  bool zipfian = false;
  bool consistent = false;
  std::int64_t expired_at_s = 0;  // Of the ttl workload: when its expiring items did, in epoch seconds.

  // The first items of the ttl workload stay, and are the ones that are read.
  std::uint64_t lasting_items() const { return mix == Mix::kTtl ? std::max<std::uint64_t>(items / 10, 1) : items; }

  // The query and scan workloads use a table with a sort key, the others one without.
  bool has_sort_key() const { return mix == Mix::kQuery || mix == Mix::kScan; }
  bool has_stream() const { return mix == Mix::kPutStream || mix == Mix::kStream; }
};

// Immutable; safe from any thread.
class Workload {
 public:
  explicit Workload(WorkloadOptions options);

  Bytes create_table_body() const;
  Bytes table_name_body() const;  // DescribeTable, DeleteTable, DescribeTimeToLive.
  Bytes enable_expiry_body() const;
  // A BatchWriteItem of items [first, first + count).
  Bytes load_body(std::uint64_t first, std::uint64_t count, SeededRandom* random) const;

  struct Request {
    std::string_view operation;
    Bytes body;
    // Of a read-modify-write: sent after this one was answered.
    std::string_view then_operation = {};
    Bytes then_body = {};
  };
  // `connection` and `connections` give scans their segment; `start_key` continues one, as JSON.
  void next(SeededRandom* random, std::uint32_t connection, std::uint32_t connections, std::string_view start_key,
            Request* request) const;

  const WorkloadOptions& options() const { return options_; }

 private:
  void append_key(std::uint64_t item, Bytes* out) const;
  void append_item(std::uint64_t item, SeededRandom* random, Bytes* out) const;
  void append_field(SeededRandom* random, std::uint32_t bytes, Bytes* out) const;
  void get(std::uint64_t item, Request* request) const;
  void put(std::uint64_t item, SeededRandom* random, Request* request) const;
  void update(std::uint64_t item, SeededRandom* random, Bytes* body) const;
  void query(std::uint64_t item, Request* request) const;
  void scan(std::uint32_t segment, std::uint32_t segments, std::string_view start_key, Request* request) const;

  const WorkloadOptions options_;
  const KeyChooser keys_;
  Bytes filler_;  // Random text that fields are cut from.
};

}  // namespace armature::cmd
