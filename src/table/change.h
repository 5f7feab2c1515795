// What follows from changes of items, gathered for one commit. Every write of an item goes through a ChangeSet, whoever
// makes it: PutItem, a transaction, expiry, restore, import. So an index cannot drift and a stream cannot miss.
//
// To let one more thing follow from every change (a stream record, an expiry entry, a log), add a step to
// ChangeSet::append(); nothing that decides changes needs to know.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/task.h"
#include "catalog/table_definition.h"
#include "index/plan.h"
#include "model/error.h"
#include "model/item.h"
#include "storage/storage.h"
#include "table/consumed_capacity.h"

namespace armature {

// Added to every item and index entry in storage figures. Source: Developer Guide, "Estimate DynamoDB table storage
// costs".
inline constexpr std::int64_t kStorageOverheadBytes = 100;

// Who wanted a change.
enum class ChangeOrigin : std::uint8_t {
  kRequest,     // A client.
  kTimeToLive,  // Expiry: its stream records name the service (userIdentity).
};

struct ItemChange {
  BytesView key;                   // In Space::kItems (model/key_codec.h). Outlives the commit.
  std::optional<ItemView> before;  // Absent: there was no item.
  std::optional<ItemView> after;   // Absent: there is none any more. Outlives the commit.
  ChangeOrigin origin = ChangeOrigin::kRequest;

  // Two encodings are equal exactly when the items are. A change that changes nothing writes nothing: no index entry,
  // no stream record.
  bool is_silent() const {
    if (!before || !after) return !before && !after;
    return before->encoded() == after->encoded();
  }
};

// One attempt of one commit: made anew when a conflict makes it decide again. Not thread-safe.
//
// A commit whose decision wrote nothing (a failed condition, a silent change) is committed all the same, as a read set
// without writes: the decision may rest on a value that is not durable yet, and must not be answered before that value
// is.
class ChangeSet {
 public:
  // `arena` takes keys of index entries and must outlive the commit.
  explicit ChangeSet(Arena* arena) : arena_(arena) {}

  // The decision rests on this version of the item. `item_key` outlives the commit.
  void add_read(const TableDefinition& table, BytesView item_key, storage::Version version);

  // Adds the item and all that follows from it; returns what the change costs, silent or not. `table` outlives the set.
  // Each item at most once.
  ConsumedCapacity append(const TableDefinition& table, const ItemChange& change);

  // For those who make what items lack that are older than it (table/builder.h): the entry the unchanged `item` has in
  // an index, and its expiry entry. Nothing for an item that has none. `index` is one of `table`'s.
  void append_index_entry(const TableDefinition& table, const IndexDefinition& index, BytesView item_key,
                          const ItemView& item);
  void append_expiry_entry(const TableDefinition& table, BytesView item_key, const ItemView& item);
  // Erases an expiry entry by itself; there need not be one.
  void erase_expiry_entry(const TableDefinition& table, std::int64_t expiry_s, BytesView item_key);

  // What has to be looked up before the changes are complete. Call once, between the last append() and take_batch().
  //   - Indexes that are being built may lack the entry a change wants to erase or replace. Looks, so that the figures
  //     of such an index stay exact and the building of it sees a conflict.
  //   - The item collections of tables with local indexes change their sizes; see is_too_large().
  // Need not be called when must_settle() says so.
  Task<Result<void>> settle(storage::Storage* storage, std::int64_t collection_limit_bytes);
  // False on tables without indexes.
  bool must_settle() const { return !index_writes_.empty() || !collections_.empty(); }

  // After settle(), of an item that was appended, in a table that keeps the sizes of collections: how large its
  // collection will be. nullopt of other tables.
  std::optional<std::int64_t> collection_size_bytes(const TableDefinition& table, BytesView item_key) const;
  // Whether the changes make the item's collection grow to more than the limit: they must not be committed then.
  bool is_too_large(const TableDefinition& table, BytesView item_key) const;

  // Gives all changes up. What was read stays: the decision to do nothing rests on it.
  void drop_writes();

  // The global indexes the changes touch; may repeat some.
  template <class Visit>  // visit(const TableDefinition&, const IndexDefinition&)
  void for_each_global_index(Visit visit) const {
    for (const PlannedIndexWrite& planned : index_writes_) {
      if (planned.write.index->global) visit(*planned.table, *planned.write.index);
    }
  }

  // What to commit. Leaves the set empty.
  storage::Batch take_batch();

 private:
  struct PlannedIndexWrite {
    const TableDefinition* table;
    BytesView item_key;
    IndexWrite write;
  };

  // An item collection that items of the set belong to.
  struct Collection {
    const TableDefinition* table;
    BytesView prefix;             // Of the keys of its items; outlives the commit.
    BytesView size_key;           // Where its size is kept; in the arena.
    std::int64_t growth = 0;      // Bytes.
    std::int64_t size_bytes = 0;  // Grown already; after settle(), as is the next.
    bool too_large = false;
  };

  // nullptr: the table does not keep the sizes of collections.
  Collection* collection_of(const TableDefinition& table, BytesView item_key);
  // Its place in collections_, or behind the last.
  std::size_t find_collection(const TableDefinition& table, BytesView item_key) const;
  Task<Result<void>> settle_unbuilt_indexes(storage::Storage* storage);
  Task<Result<void>> settle_collections(storage::Storage* storage, std::int64_t limit_bytes);

  void append_item(const TableDefinition& table, const ItemChange& change);
  void append_expiry_writes(const TableDefinition& table, const ItemChange& change);
  void append_stream_record(const TableDefinition& table, const ItemChange& change);
  void append_index_writes(const TableDefinition& table, const ItemChange& change, ConsumedCapacity* consumed);
  void commit_index_write(PlannedIndexWrite planned);
  void count(storage::KeySpaceId key_space, std::size_t size_before_bytes, std::size_t size_after_bytes);

  Arena* const arena_;
  storage::Batch batch_;
  std::vector<PlannedIndexWrite> index_writes_;
  std::vector<Collection> collections_;
  std::uint16_t stream_records_ = 0;  // In the batch.
};

// Where an item is read, and what a commit names to depend on it.
inline storage::ReadKey item_read_key(const TableDefinition& table, BytesView item_key) {
  return {{table.key_space, item_key}, storage::Space::kItems, item_key};
}

// What a write costs its table that found an item of one size (0: none) and leaves one of the other.
// Source: Developer Guide, "DynamoDB read and write operations".
CapacityAmount item_write_cost(std::size_t size_before_bytes, std::size_t size_after_bytes);

}  // namespace armature
