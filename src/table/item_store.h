// ItemStore: reads and writes the items of tables. Every write goes one way: read the item, decide purely, form one
// change, let indexes, stream and expiry follow from it, commit once (table/write.cc). Knows nothing of JSON or HTTP.
// Source: Developer Guide, "Working with items and attributes", "Querying tables", "Scanning tables".
//
// Intents borrow from the request's arena; they and the table must outlive the task. All methods are thread-safe and
// retry conflicts themselves.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/clock.h"
#include "base/task.h"
#include "catalog/table_definition.h"
#include "expression/condition.h"
#include "expression/projection.h"
#include "expression/update.h"
#include "model/error.h"
#include "model/item.h"
#include "storage/storage.h"
#include "table/collection_size.h"
#include "table/consumed_capacity.h"
#include "table/turns.h"

namespace armature {

// A primary key, checked against its table's schema.
struct ItemKey {
  std::span<const Attribute> attributes;  // One or two, in schema order.
  Bytes encoded;                          // model/key_codec.h: token | partition key | sort key.
};

// Checks `attributes` to be exactly the table's key, of the declared types, not empty, not too long: DynamoDB's errors
// of Get, Update and Delete ("The provided key element does not match the schema", …).
Result<ItemKey> bind_key(const TableDefinition& table, std::span<const Attribute> attributes, Arena* arena);
// Takes the key out of a whole item: the errors of PutItem ("One or more parameter values were invalid: Missing the key
// p in the item", …).
Result<ItemKey> bind_item_key(const TableDefinition& table, std::span<const Attribute> item, Arena* arena);
// Index key attributes present in `item` must have their declared type and be neither empty nor too long; errors name
// the index.
Result<void> check_index_keys(const TableDefinition& table, std::span<const Attribute> item);

struct WriteGuard {
  const expression::Condition* condition = nullptr;
  bool return_item_on_failure = false;  // ReturnValuesOnConditionCheckFailure ALL_OLD.
  bool insert = false;                  // Whatever the condition, no item may be there: kDuplicateItem.
};

struct PutIntent {
  ItemKey key;
  std::span<const Attribute> item;  // Whole, checked: types, size, key, index keys.
  WriteGuard guard;
};

struct DeleteIntent {
  ItemKey key;
  WriteGuard guard;
};

struct UpdateIntent {
  ItemKey key;
  const expression::UpdateProgram* program = nullptr;  // nullptr: create the item if it is missing.
  WriteGuard guard;
  // UpdateItem's size limit counts the program's actions in; PartiQL and transactions measure the finished item alone.
  bool measure_actions = true;
};

struct WriteOutcome {
  std::optional<Bytes> before;  // Encoded; absent: there was no item.
  std::optional<Bytes> after;   // Absent: there is none now.
  ConsumedCapacity consumed;
  // Of tables that keep the sizes of collections: bytes of the item's collection now, local index entries included.
  std::optional<std::int64_t> collection_size_bytes;
};

struct GetIntent {
  ItemKey key;
  bool consistent = false;
};

struct ReadOutcome {
  std::optional<Bytes> item;  // Encoded.
  ConsumedCapacity consumed;
};

// A page ends with the item that reaches this much of what it evaluated, by DynamoDB's sizes.
inline constexpr std::size_t kPageLimitBytes = 1024 * 1024;

// One page of a Query or Scan. Its capacity covers what was evaluated, whatever the filter left.
struct PageIntent {
  const IndexDefinition* index = nullptr;  // nullptr: the table itself.
  bool consistent = false;
  std::optional<std::uint32_t> limit;  // Items evaluated.
  // Bytes evaluated: the page ends with the item that reaches this much. At most kPageLimitBytes.
  std::size_t limit_bytes = kPageLimitBytes;
  // ExclusiveStartKey, unchecked; absent: from the beginning.
  std::optional<std::span<const Attribute>> exclusive_start_key;
  const expression::Condition* filter = nullptr;
  const expression::Projection* projection = nullptr;
  bool count_only = false;
  // LSI reads of attributes the index does not project fetch the item from the table. Set when Select is ALL_ATTRIBUTES
  // or the projection or filter needs it.
  bool fetch_from_table = false;
  // What is fetched is for the filter alone: entries are returned as the index has them.
  bool return_entries = false;
};

struct QueryIntent : PageIntent {
  expression::KeyCondition key_condition;  // Reduced to the schema of `index` or the table, types checked.
  bool forward = true;
};

struct ScanIntent : PageIntent {
  std::uint32_t segment = 0;
  std::uint32_t total_segments = 1;
};

struct PageItem {
  ItemView view;  // The stored item, or index entry.
  // With a projection: what is left of it, in the request's arena.
  std::optional<std::span<const Attribute>> projected;
};

struct PageOutcome {
  std::vector<PageItem> items;                                   // Empty with count_only.
  std::uint32_t count = 0;                                       // After the filter.
  std::uint32_t scanned_count = 0;                               // Before it.
  std::size_t scanned_bytes = 0;                                 // DynamoDB's size of what was evaluated.
  std::optional<std::span<const Attribute>> last_evaluated_key;  // In the arena.
  ConsumedCapacity consumed;
  std::vector<std::shared_ptr<const void>> memory;  // What `items` borrow from.
};

// The start key that continues behind an item of the table (`index` null) or an entry of the index: its key there and
// in the table, copied to `arena`.
std::span<const Attribute> start_key_behind(const TableDefinition& table, const IndexDefinition* index,
                                            const ItemView& entry, Arena* arena);

// What became of expiry entries that were due.
struct ExpiryOutcome {
  std::uint32_t deleted = 0;  // Items.
  std::uint32_t changed = 0;  // Items that had changed, so that they expire at another time or never, or were gone.
};

struct ItemStoreOptions {
  storage::Durability durability = storage::Durability::kDurable;
  bool enforce_throughput = true;  // Token buckets of provisioned and capped tables.
  // What item collections of tables with local indexes do not grow beyond: kItemCollectionSizeLimitExceeded.
  std::int64_t collection_limit_bytes = kCollectionLimitBytes;
  // How long a write that loses against others is tried again, from when it is its turn (table/retry.h).
  std::chrono::milliseconds conflict_patience{10'000};
};

class ChangeSet;   // table/change.h
class Throughput;  // table/throughput.h

class ItemStore {
 public:
  ItemStore(storage::Storage* storage, const Clock* clock, ItemStoreOptions options);
  ~ItemStore();

  Task<Result<WriteOutcome>> put(const TableDefinition& table, const PutIntent& put, Arena* arena);
  Task<Result<WriteOutcome>> remove(const TableDefinition& table, const DeleteIntent& remove, Arena* arena);
  Task<Result<WriteOutcome>> update(const TableDefinition& table, const UpdateIntent& update, Arena* arena);

  // Deletes the items of expiry entries (keys of table/expiry_entry.h, a few) that are due at `due_s`, in epoch
  // seconds, if they still expire when the entries say. As durable as kBuffered, free of capacity. table/expire.cc.
  Task<Result<ExpiryOutcome>> expire(const TableDefinition& table, std::span<const Bytes> entry_keys,
                                     std::int64_t due_s, Arena* arena);

  Task<Result<ReadOutcome>> get(const TableDefinition& table, const GetIntent& get);
  // One table's part of a batch: each result is its own; throttled ones carry kProvisionedThroughputExceeded.
  Task<std::vector<Result<ReadOutcome>>> get_many(const TableDefinition& table, std::span<const GetIntent> gets);

  Task<Result<PageOutcome>> query(const TableDefinition& table, const QueryIntent& query, Arena* arena);
  Task<Result<PageOutcome>> scan(const TableDefinition& table, const ScanIntent& scan, Arena* arena);

  // Items and bytes of the table (with DynamoDB's storage overhead of 100 bytes an item) or of one global index.
  Task<Result<storage::KeySpaceStats>> stats(storage::KeySpaceId key_space);

  // The buckets that whatever else reads and writes items (transactions) has to ask and charge too; nullptr when limits
  // are not enforced.
  Throughput* throughput() const { return throughput_.get(); }
  // How writes are made: for whatever else writes items.
  const ItemStoreOptions& options() const { return options_; }
  Turns* turns() { return &turns_; }

 private:
  // The one write path, table/write.cc. `decide` maps the item found (nullptr: none) to the item afterwards.
  template <class Decide>
  Task<Result<WriteOutcome>> write(const TableDefinition& table, const ItemKey& key, const WriteGuard& guard,
                                   Arena* arena, Decide decide);
  Result<void> admit_index_writes(const ChangeSet& changes);

  storage::Storage* const storage_;
  const ItemStoreOptions options_;
  const std::unique_ptr<Throughput> throughput_;  // nullptr: limits are not enforced.
  Turns turns_;
};

}  // namespace armature
