#include "table/builder.h"

#include <algorithm>
#include <optional>
#include <span>

#include "base/arena.h"
#include "base/log.h"
#include "table/change.h"
#include "table/collection_size.h"
#include "table/expiry_entry.h"
#include "table/retry.h"
#include "table/storage_failure.h"

namespace armature {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::milliseconds kIdlePause{100};
constexpr std::chrono::milliseconds kWaitingPause{5};
// How much a step does for one table.
constexpr std::size_t kItemsOfPage = 128;
constexpr std::size_t kBytesOfPage = 128 * 1024;
constexpr std::size_t kItemsOfCommit = 16;
// Definitions are held for the length of a request. One that is held this long is worth a word.
constexpr std::chrono::seconds kLongWait{60};

bool has_index_work(const IndexDefinition& index) {
  return index.status == IndexStatus::kDeleting || index.build != BuildPhase::kDone;
}

bool has_expiry_work(const TimeToLive& time_to_live) {
  return time_to_live.status == TimeToLiveStatus::kEnabling || time_to_live.status == TimeToLiveStatus::kDisabling;
}

bool has_work(const TableDefinition& table) {
  if (table.status == TableStatus::kCreating || table.status == TableStatus::kDeleting) return false;
  return has_expiry_work(table.time_to_live) || std::ranges::any_of(table.global_indexes, has_index_work);
}

IndexDefinition* find_by_id(TableDefinition* table, std::uint32_t id) {
  const auto found = std::ranges::find(table->global_indexes, id, &IndexDefinition::id);
  return found == table->global_indexes.end() ? nullptr : &*found;
}

void log_build(const TableDefinition& table, const IndexDefinition* index, std::string_view what) {
  log(LogLevel::kInfo, what,
      {{"table", table.name}, {"region", table.region}, {"index", index != nullptr ? index->name : "(expiry)"}});
}

}  // namespace

Builder::Builder(Catalog* catalog, storage::Storage* storage, BuilderOptions options, MetricsRegistry* metrics)
    : catalog_(*catalog), storage_(*storage), options_(std::move(options)) {
  if (metrics == nullptr) return;
  made_ = &metrics->counter("armature_build_items_total",
                            "Items looked at to build indexes and expiry entries of tables that have items");
}

Task<StepResult> Builder::step() {
  const Steady::time_point begin = Steady::now();
  bool waiting = false;
  bool worked = false;
  for (const TableRef& table : catalog_.all()) {
    if (!has_work(*table)) continue;
    Result<Advance> advanced = co_await advance(*table);
    if (!advanced) co_return Unexpected(table->name + ": " + advanced.error().message);
    waiting = waiting || *advanced == Advance::kWaiting;
    worked = worked || *advanced == Advance::kWorked;
  }
  // Half of one core's time at most.
  if (worked) co_return nanoseconds(Steady::now() - begin);
  if (waiting) co_return nanoseconds(kWaitingPause);
  walks_.clear();
  waiting_since_.clear();
  co_return nanoseconds(kIdlePause);
}

Task<Result<Builder::Advance>> Builder::advance(const TableDefinition& table) {
  for (const IndexDefinition& index : table.global_indexes) {
    if (has_index_work(index)) co_return co_await advance_index(table, index);
  }
  co_return co_await advance_expiry(table);
}

Task<Result<Builder::Advance>> Builder::enter_phase(const TableDefinition& table, std::uint32_t index_id,
                                                    BuildPhase phase) {
  const Apply enter = [index_id, phase](TableDefinition* changed) {
    IndexDefinition* const built = find_by_id(changed, index_id);
    built->build = phase;
    built->build_position.clear();
    if (phase == BuildPhase::kDone) built->status = IndexStatus::kActive;
    changed->status = changed->status_of_index_work();
  };
  co_return co_await change(table, enter);
}

Task<Result<Builder::Advance>> Builder::advance_index(const TableDefinition& table, const IndexDefinition& index) {
  const std::uint32_t id = index.id;
  const bool filling = index.build == BuildPhase::kFilling && index.status != IndexStatus::kDeleting;
  const bool in_walk = filling && walks_.contains({table.id, id});
  if (!in_walk && !is_drained(table)) co_return Advance::kWaiting;

  if (index.status == IndexStatus::kDeleting) {
    log_build(table, &index, "an index is dropped");
    const Apply drop = [id](TableDefinition* changed) {
      std::erase_if(changed->global_indexes, [id](const IndexDefinition& other) { return other.id == id; });
      prune_attribute_definitions(changed);
      changed->status = changed->status_of_index_work();
    };
    co_return co_await change(table, drop);
  }
  switch (index.build) {
    case BuildPhase::kErasing: co_return co_await enter_phase(table, id, BuildPhase::kFilling);
    case BuildPhase::kFilling: {
      CO_TRY_ASSIGN(const Advance filled, co_await fill(table, &index));
      if (filled != Advance::kNothingToDo) co_return filled;
      co_return co_await enter_phase(table, id, BuildPhase::kSettling);
    }
    case BuildPhase::kSettling: {
      log_build(table, &index, "an index is built");
      co_return co_await enter_phase(table, id, BuildPhase::kDone);
    }
    case BuildPhase::kDone: break;
  }
  co_return Advance::kNothingToDo;
}

Task<Result<Builder::Advance>> Builder::advance_expiry(const TableDefinition& table) {
  const TimeToLive& time_to_live = table.time_to_live;
  if (!has_expiry_work(time_to_live)) co_return Advance::kNothingToDo;
  const bool in_walk = time_to_live.build == BuildPhase::kFilling && walks_.contains({table.id, 0});
  if (!in_walk && !is_drained(table)) co_return Advance::kWaiting;

  if (time_to_live.status == TimeToLiveStatus::kDisabling) {
    CO_TRY_ASSIGN(const Advance erased, co_await erase_expiry_entries(table));
    if (erased != Advance::kNothingToDo) co_return erased;
    const Apply disable = [](TableDefinition* changed) {
      changed->time_to_live = {.status = TimeToLiveStatus::kDisabled,
                               .attribute = {},
                               .changed_at_ms = changed->time_to_live.changed_at_ms,
                               .build = BuildPhase::kDone,
                               .build_position = {}};
    };
    co_return co_await change(table, disable);
  }
  if (time_to_live.build == BuildPhase::kErasing) {
    const Apply fill_now = [](TableDefinition* changed) {
      changed->time_to_live.build = BuildPhase::kFilling;
      changed->time_to_live.build_position.clear();
    };
    co_return co_await change(table, fill_now);
  }
  CO_TRY_ASSIGN(const Advance filled, co_await fill(table, nullptr));
  if (filled != Advance::kNothingToDo) co_return filled;
  log_build(table, nullptr, "expiry entries are built");
  const Apply enable = [](TableDefinition* changed) {
    changed->time_to_live.status = TimeToLiveStatus::kEnabled;
    changed->time_to_live.build = BuildPhase::kDone;
    changed->time_to_live.build_position.clear();
  };
  co_return co_await change(table, enable);
}

// kNothingToDo: every item has its entry.
Task<Result<Builder::Advance>> Builder::fill(const TableDefinition& table, const IndexDefinition* index) {
  const Target target{table.id, index != nullptr ? index->id : 0};
  const Bytes& stored_position = index != nullptr ? index->build_position : table.time_to_live.build_position;
  const auto [entry, is_new] = walks_.try_emplace(target, Walk{.position = stored_position, .saved = Steady::now()});
  Walk& walk = entry->second;
  if (is_new) log_build(table, index, stored_position.empty() ? "building begins" : "building goes on");

  CO_TRY_ASSIGN(const bool more, co_await walk_on(table, index, &walk));
  if (!more) {
    walks_.erase(target);
    co_return Advance::kNothingToDo;
  }
  if (Steady::now() - walk.saved < options_.save_every) co_return Advance::kWorked;
  walk.saved = Steady::now();
  const Apply save = [id = target.index_id, position = walk.position](TableDefinition* changed) {
    (id != 0 ? find_by_id(changed, id)->build_position : changed->time_to_live.build_position) = position;
  };
  co_return co_await change(table, save);
}

// False: that was the last page.
Task<Result<bool>> Builder::walk_on(const TableDefinition& table, const IndexDefinition* index, Walk* walk) {
  const storage::RangeRequest request{.key_space = table.key_space,
                                      .space = storage::Space::kItems,
                                      .begin = walk->position,
                                      .limit_entries = kItemsOfPage,
                                      .limit_bytes = kBytesOfPage};
  const auto page = co_await storage_.range(request);
  if (!page) co_return Unexpected(storage_failure(page.error()));
  for (std::size_t next = 0; next < page->entries.size();) {
    std::vector<Bytes> item_keys;
    while (next < page->entries.size() && item_keys.size() < kItemsOfCommit) {
      item_keys.emplace_back(page->entries[next++].key);
    }
    CO_TRY(co_await make_entries(table, index, std::move(item_keys)));
    co_await Yield();
  }
  walk->items += page->entries.size();
  if (made_ != nullptr) made_->add(page->entries.size());
  if (!page->entries.empty()) walk->position = Bytes(page->entries.back().key) + '\0';
  co_return page->more;
}

Task<Result<void>> Builder::make_entries(const TableDefinition& table, const IndexDefinition* index,
                                         std::vector<Bytes> item_keys) {
  CO_TRY_ASSIGN(const bool made, co_await try_make_entries(table, index, item_keys));
  if (made) co_return Result<void>();
  // Somebody changed one of them meanwhile. One by one, each has only its own writers to compete with.
  for (const Bytes& item_key : item_keys) {
    for (Retry retry;;) {
      CO_TRY_ASSIGN(const bool made_alone, co_await try_make_entries(table, index, std::span(&item_key, 1)));
      if (made_alone) break;
      const bool again = co_await retry.again();
      if (!again) co_return fail(ErrorCode::kInternal, "an item changes too often to enter an index");
    }
  }
  co_return Result<void>();
}

// False: a conflict.
Task<Result<bool>> Builder::try_make_entries(const TableDefinition& table, const IndexDefinition* index,
                                             std::span<const Bytes> item_keys) {
  std::vector<storage::ReadKey> reads;
  for (const Bytes& item_key : item_keys) reads.push_back(item_read_key(table, item_key));
  const auto items = co_await storage_.get_many(reads, storage::ReadMode::kForUpdate);
  if (!items) co_return Unexpected(storage_failure(items.error()));

  Arena arena;
  ChangeSet changes(&arena);
  for (std::size_t i = 0; i < item_keys.size(); ++i) {
    const storage::Versioned& item = (*items)[i];
    if (!item.found) continue;  // Deleted since the page was read, its entries with it.
    changes.add_read(table, item_keys[i], item.version);
    if (index != nullptr) {
      changes.append_index_entry(table, *index, item_keys[i], ItemView(item.value));
    } else {
      changes.append_expiry_entry(table, item_keys[i], ItemView(item.value));
    }
  }
  CO_TRY(co_await changes.settle(&storage_, kCollectionLimitBytes));
  // What a power loss undoes is made again: the stored position is of a later commit, and durable.
  const auto committed = co_await storage_.commit(changes.take_batch(), storage::Durability::kBuffered);
  if (committed) co_return true;
  if (committed.error().code == storage::StorageErrorCode::kConflict) co_return false;
  co_return Unexpected(storage_failure(committed.error()));
}

// kNothingToDo: there are none left. Writers only erase entries now, so nothing has to be compared.
Task<Result<Builder::Advance>> Builder::erase_expiry_entries(const TableDefinition& table) {
  const auto partitions = co_await storage_.partitions(table.key_space);
  if (!partitions) co_return Unexpected(storage_failure(partitions.error()));
  for (const storage::Partition& partition : *partitions) {
    const storage::RangeRequest request{.key_space = table.key_space,
                                        .space = storage::Space::kTtl,
                                        .partition = partition.id,
                                        .limit_entries = kItemsOfPage};
    const auto page = co_await storage_.range(request);
    if (!page) co_return Unexpected(storage_failure(page.error()));
    if (page->entries.empty()) continue;
    storage::Batch batch;
    for (const storage::Entry& entry : page->entries) {
      const std::optional<ExpiryEntry> expiry = parse_expiry_entry(entry.key);
      const BytesView position = expiry ? expiry->item_key : BytesView(partition.begin);
      batch.writes.push_back({{table.key_space, position}, storage::Space::kTtl, Bytes(entry.key), true, {}});
    }
    const auto committed = co_await storage_.commit(std::move(batch), storage::Durability::kBuffered);
    if (committed) co_return Advance::kWorked;
    if (committed.error().code == storage::StorageErrorCode::kConflict) co_return Advance::kWaiting;
    co_return Unexpected(storage_failure(committed.error()));
  }
  co_return Advance::kNothingToDo;
}

bool Builder::is_drained(const TableDefinition& table) {
  catalog_.refresh();
  if (options_.refresh_threads) options_.refresh_threads();
  const auto [since, is_new] = waiting_since_.try_emplace(table.id, Steady::now());
  if (!catalog_.is_in_use_by_older(table)) {
    waiting_since_.erase(since);
    return true;
  }
  if (!is_new && Steady::now() - since->second >= kLongWait) {
    log(LogLevel::kWarning, "a change of a table waits for work that began before it",
        {{"table", table.name}, {"region", table.region}});
    since->second = Steady::now();
  }
  return false;
}

Task<Result<Builder::Advance>> Builder::change(const TableDefinition& table, const Apply& apply) {
  // Copies: the definition this runs for may be let go of meanwhile.
  const std::string id = table.id;
  const std::uint64_t revision = table.revision;
  const Catalog::Change if_still_wanted = [&](const TableDefinition& current) -> Result<TableDefinition> {
    if (current.id != id || current.revision != revision) {
      return fail(ErrorCode::kResourceNotFound, "the table has changed meanwhile");
    }
    TableDefinition changed = current;
    apply(&changed);
    return changed;
  };
  const TableName name{{}, {}, table.name};
  Result<TableRef> changed = co_await catalog_.update(table.region, name, if_still_wanted);
  if (changed) co_return Advance::kWorked;
  if (changed.error().code == ErrorCode::kResourceNotFound) co_return Advance::kWaiting;
  co_return Unexpected(std::move(changed).error());
}

}  // namespace armature
