#include "table/page.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "index/entry_key.h"
#include "model/capacity.h"
#include "model/key_codec.h"
#include "table/change.h"
#include "table/storage_failure.h"

namespace armature {
namespace {

// Ranges are read in chunks, so that a small limit reads little and what a filter drops is soon let go.
constexpr std::size_t kLeastChunkBytes = 4 * 1024;
constexpr std::size_t kFirstChunkBytes = 64 * 1024;
constexpr std::size_t kLargestChunkBytes = 256 * 1024;
constexpr std::size_t kLargestChunkEntries = 4096;
// Each entry of a chunk may bring an item of 400 KB with it.
constexpr std::size_t kLargestChunkOfFetches = 32;
constexpr std::size_t kLeastMixedChunkEntries = 64;

class PageReader {
 public:
  PageReader(storage::Storage* storage, const TableDefinition& table, const PageIntent& intent, PageWalk walk,
             Arena* arena)
      : storage_(storage),
        table_(table),
        intent_(intent),
        index_(intent.index),
        read_kind_(intent.consistent ? ReadKind::kStronglyConsistent : ReadKind::kEventuallyConsistent),
        walk_(std::move(walk)),
        arena_(arena) {}

  Task<Result<PageOutcome>> read() {
    while (!walk_.range.is_empty()) {
      storage::StorageResult<storage::RangePage> chunk = co_await storage_->range(next_chunk());
      if (!chunk) co_return Unexpected(storage_failure(chunk.error()));
      const BytesView last_key = chunk->entries.empty() ? BytesView() : chunk->entries.back().key;
      const std::vector<storage::Entry> entries = own_entries(*chunk);

      Fetched fetched;
      if (intent_.fetch_from_table && index_ != nullptr && !entries.empty()) {
        CO_TRY_ASSIGN(fetched, co_await fetch_items(entries));
      }
      evaluate_chunk(entries, chunk->memory, std::move(fetched));
      if (done_ || !chunk->more) break;
      move_behind(last_key);
      // Entries of other indexes can go on for long without a page coming to its end.
      if (entries.empty()) co_await Yield();
    }
    count_capacity();
    outcome_.scanned_bytes = std::max(evaluated_bytes_, fetched_bytes_);
    co_return std::move(outcome_);
  }

 private:
  // Items of the table, in the order of the entries that led to them.
  using Fetched = std::shared_ptr<const std::vector<storage::Versioned>>;

  std::size_t remaining_items() const {
    return intent_.limit ? *intent_.limit - outcome_.scanned_count : kLargestChunkEntries;
  }

  storage::RangeRequest next_chunk() {
    std::size_t entries = std::min(remaining_items(), kLargestChunkEntries);
    // Entries of others must not make each chunk of a small page come back empty.
    if (walk_.meets_other_indexes) entries = std::max(entries, kLeastMixedChunkEntries);
    if (intent_.fetch_from_table) entries = std::min(entries, kLargestChunkOfFetches);
    const std::size_t bytes = std::clamp(intent_.limit_bytes - evaluated_bytes_, kLeastChunkBytes, chunk_bytes_);
    chunk_bytes_ = kLargestChunkBytes;
    return {.key_space = index_ != nullptr ? entry_key_space(table_, *index_) : table_.key_space,
            .space = index_ != nullptr ? entry_space(*index_) : storage::Space::kItems,
            .begin = walk_.range.begin,
            .end = walk_.range.end,
            .reverse = !walk_.forward,
            .limit_entries = entries,
            .limit_bytes = bytes};
  }

  std::vector<storage::Entry> own_entries(storage::RangePage& chunk) const {
    if (!walk_.meets_other_indexes) return std::move(chunk.entries);
    std::vector<storage::Entry> own;
    Arena scratch;
    for (const storage::Entry& entry : chunk.entries) {
      if (local_entry_position(table_, entry.key, &scratch).index_id == index_->id) own.push_back(entry);
    }
    return own;
  }

  // Continues behind the chunk; past the rest of a run of entries of another index.
  void move_behind(BytesView last_key) {
    continue_behind(last_key, walk_.forward, &walk_.range);
    if (!walk_.meets_other_indexes) return;
    Arena scratch;
    const LocalEntryPosition position = local_entry_position(table_, last_key, &scratch);
    Bytes& begin = walk_.range.begin;
    if (position.index_id < index_->id) begin = local_entry_prefix(position.collection, index_->id);
    if (position.index_id > index_->id) begin = prefix_successor(position.collection);
  }

  Task<Result<Fetched>> fetch_items(const std::vector<storage::Entry>& entries) {
    std::vector<Bytes> item_keys;
    item_keys.reserve(entries.size());
    for (const storage::Entry& entry : entries) item_keys.push_back(item_key_of(ItemView(entry.value)));
    std::vector<storage::ReadKey> reads;
    reads.reserve(entries.size());
    for (const Bytes& item_key : item_keys) reads.push_back(item_read_key(table_, item_key));
    auto items = co_await storage_->get_many(reads, storage::ReadMode::kCommitted);
    if (!items) co_return Unexpected(storage_failure(items.error()));
    co_return std::make_shared<const std::vector<storage::Versioned>>(std::move(*items));
  }

  Bytes item_key_of(const ItemView& entry) {
    Arena scratch;
    const Value partition_key = entry.find(table_.key.partition.front().name)->decode(&scratch);
    if (!table_.has_range_key()) return encode_item_key(partition_key, nullptr);
    const Value sort_key = entry.find(table_.key.sort.front().name)->decode(&scratch);
    return encode_item_key(partition_key, &sort_key);
  }

  void evaluate_chunk(const std::vector<storage::Entry>& entries,
                      const std::vector<std::shared_ptr<const void>>& memory, Fetched fetched) {
    const std::size_t kept_before = outcome_.items.size();
    for (std::size_t i = 0; i < entries.size() && !done_; ++i) {
      const ItemView entry(entries[i].value);
      evaluated_bytes_ += entry.size_bytes();
      ++outcome_.scanned_count;
      if (fetched == nullptr) {
        evaluate_item(entry, entry);
      } else {
        evaluate_fetched(entry, (*fetched)[i]);
      }
      if (page_is_full()) end_page_at(entry);
    }
    if (outcome_.items.size() == kept_before) return;
    outcome_.memory.insert(outcome_.memory.end(), memory.begin(), memory.end());
    if (fetched != nullptr) outcome_.memory.push_back(std::move(fetched));
  }

  // An entry whose item is gone was read just before the item was deleted: there is nothing to return.
  void evaluate_fetched(const ItemView& entry, const storage::Versioned& item) {
    const std::size_t item_bytes = item.found ? ItemView(item.value).size_bytes() : 0;
    outcome_.consumed.table.read_half_units += static_cast<std::int64_t>(read_half_units(item_bytes, read_kind_));
    fetched_bytes_ += item_bytes;
    if (!item.found) return;
    const ItemView fetched(item.value);
    evaluate_item(fetched, intent_.return_entries ? entry : fetched);
  }

  // Keeps `kept` if the filter lets `item` pass.
  void evaluate_item(const ItemView& item, const ItemView& kept) {
    if (intent_.filter != nullptr) {
      scratch_.reset();
      if (!expression::evaluate(*intent_.filter, &item, &scratch_)) return;
    }
    ++outcome_.count;
    if (intent_.count_only) return;
    PageItem page_item{.view = kept, .projected = {}};
    if (intent_.projection != nullptr) page_item.projected = expression::project(*intent_.projection, kept, arena_);
    outcome_.items.push_back(page_item);
  }

  // Items fetched for a local index count too, or a page of key-only entries could drag in gigabytes.
  bool page_is_full() const {
    return (intent_.limit && outcome_.scanned_count >= *intent_.limit) || evaluated_bytes_ >= intent_.limit_bytes ||
           fetched_bytes_ >= intent_.limit_bytes;
  }

  void end_page_at(const ItemView& entry) {
    done_ = true;
    outcome_.last_evaluated_key = start_key_behind(table_, index_, entry, arena_);
  }

  void count_capacity() {
    const CapacityAmount amount{.read_half_units =
                                    static_cast<std::int64_t>(read_half_units(evaluated_bytes_, read_kind_))};
    if (index_ == nullptr) {
      outcome_.consumed.table += amount;
    } else {
      outcome_.consumed.add_index(index_->name, index_->global, amount);
    }
  }

  storage::Storage* const storage_;
  const TableDefinition& table_;
  const PageIntent& intent_;
  const IndexDefinition* const index_;
  const ReadKind read_kind_;
  PageWalk walk_;
  Arena* const arena_;

  PageOutcome outcome_;
  Arena scratch_;  // What filtering one item needs.
  bool done_ = false;
  std::size_t chunk_bytes_ = kFirstChunkBytes;
  std::size_t evaluated_bytes_ = 0;
  std::size_t fetched_bytes_ = 0;
};

}  // namespace

std::span<const Attribute> start_key_behind(const TableDefinition& table, const IndexDefinition* index,
                                            const ItemView& entry, Arena* arena) {
  std::vector<Attribute> key;
  const auto add = [&](const KeySchema& schema) {
    for (const auto* side : {&schema.partition, &schema.sort}) {
      for (const KeyAttribute& attribute : *side) {
        if (find_attribute(key, attribute.name) != nullptr) continue;
        const Value value = entry.find(attribute.name)->decode(arena);
        key.push_back({arena->copy(attribute.name), copy_value(value, arena)});
      }
    }
  };
  if (index != nullptr) add(index->key);
  add(table.key);
  return arena->copy_array(key);
}

Task<Result<PageOutcome>> read_page(storage::Storage* storage, const TableDefinition& table, const PageIntent& intent,
                                    PageWalk walk, Arena* arena) {
  PageReader reader(storage, table, intent, std::move(walk), arena);
  co_return co_await reader.read();
}

}  // namespace armature
