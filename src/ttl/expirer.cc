#include "ttl/expirer.h"

#include <algorithm>
#include <utility>

#include "base/arena.h"
#include "table/expiry_entry.h"
#include "table/storage_failure.h"

namespace armature {
namespace {

using std::chrono::nanoseconds;

// How often tables are looked through while nothing is due.
constexpr std::chrono::milliseconds kIdlePause{500};
// Items of one commit: few, since a loop that deletes them answers nobody meanwhile.
constexpr std::int64_t kLargestBatch = 8;
// Entries are read in pages and deleted in batches.
constexpr std::size_t kEntriesOfPage = 512;
// A partition's entries are read from the beginning at most this part of the time.
constexpr int kLargestCostOfBeginnings = 20;

bool expires_items(const TableDefinition& table) {
  return table.time_to_live.status == TimeToLiveStatus::kEnabled &&
         (table.status == TableStatus::kActive || table.status == TableStatus::kUpdating);
}

}  // namespace

Expirer::Expirer(Catalog* catalog, ItemStore* items, storage::Storage* storage, const Clock* clock,
                 ExpirerOptions options, MetricsRegistry* metrics)
    : catalog_(*catalog), items_(*items), storage_(*storage), clock_(*clock), options_(options) {
  if (metrics == nullptr) return;
  deleted_ = &metrics->counter("armature_ttl_deleted_items_total", "Items deleted because they had expired");
  changed_ = &metrics->counter("armature_ttl_changed_items_total",
                               "Items that were to be deleted but had changed their expiry by then");
  lag_ =
      &metrics->gauge("armature_ttl_lag_seconds", "How long the item deleted last had been due; 0 when nothing is due");
}

Task<StepResult> Expirer::step() {
  const std::int64_t due_s = clock_.now_s() - options_.delay_s;
  const Steady::time_point begin = Steady::now();
  if (due_.empty()) {
    Result<void> looked = co_await look_for_due(due_s);
    if (!looked) {
      places_.clear();
      co_return Unexpected(std::move(looked).error().message);
    }
  }
  if (due_.empty()) {
    if (!places_.empty()) co_return nanoseconds(0);
    if (lag_ != nullptr) lag_->set(0);
    co_return nanoseconds(kIdlePause);
  }
  const std::size_t batch = std::min(batch_size(), due_.size());
  Result<void> deleted = co_await delete_some(due_s);
  if (!deleted) {
    due_.clear();
    co_return Unexpected(std::move(deleted).error().message);
  }
  co_return std::max(nanoseconds(0), time_of(batch) - nanoseconds(Steady::now() - begin));
}

std::size_t Expirer::batch_size() const {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(options_.deletes_per_second / 50, 1, kLargestBatch));
}

nanoseconds Expirer::time_of(std::size_t deletes) const {
  return nanoseconds(std::chrono::seconds(1)) * static_cast<std::int64_t>(deletes) /
         std::max<std::int64_t>(options_.deletes_per_second, 1);
}

// One partition, so that a step stays short.
Task<Result<void>> Expirer::look_for_due(std::int64_t due_s) {
  if (places_.empty()) co_return co_await list_places();
  Place place = std::move(places_.back());
  places_.pop_back();
  co_return co_await read_due(std::move(place), due_s);
}

Task<Result<void>> Expirer::list_places() {
  std::map<PlaceId, Progress> known = std::exchange(progress_, {});
  for (const TableRef& table : catalog_.all()) {
    if (!expires_items(*table)) continue;
    const auto partitions = co_await storage_.partitions(table->key_space);
    if (!partitions) co_return Unexpected(storage_failure(partitions.error()));
    for (const storage::Partition& partition : *partitions) {
      Table named{table->region, table->name, table->id, table->key_space};
      places_.push_back({.table = std::move(named), .partition = partition.id, .position = {}});
      const PlaceId id{table->key_space, partition.id};
      progress_[id] = std::move(known[id]);
    }
  }
  co_return Result<void>();
}

Bytes Expirer::begin_of_round(const Place& place) {
  const Progress& progress = progress_[{place.table.key_space, place.partition}];
  Bytes beginning = expiry_position(std::max<std::int64_t>(clock_.now_s() - kLongestExpired_s, 1));
  const bool from_beginning = Steady::now() - progress.began >= progress.cost * kLargestCostOfBeginnings;
  return from_beginning ? beginning : std::max(beginning, progress.position);
}

Task<Result<void>> Expirer::read_due(Place place, std::int64_t due_s) {
  if (expiring(place.table) == nullptr) co_return Result<void>();

  const bool new_round = place.position.empty();
  const Bytes begin = new_round ? begin_of_round(place) : place.position;
  const Bytes end = expiry_position(due_s + 1);
  if (begin >= end) co_return Result<void>();
  const Steady::time_point began = Steady::now();
  const storage::RangeRequest request{.key_space = place.table.key_space,
                                      .space = storage::Space::kTtl,
                                      .partition = place.partition,
                                      .begin = begin,
                                      .end = end,
                                      .limit_entries = kEntriesOfPage};
  auto page = co_await storage_.range(request);
  if (!page) co_return Unexpected(storage_failure(page.error()));

  Progress& progress = progress_[{place.table.key_space, place.partition}];
  if (new_round && begin != progress.position) {
    progress.began = began;
    progress.cost = Steady::now() - began;
  }
  table_ = place.table;
  for (const storage::Entry& entry : page->entries) due_.emplace_back(entry.key);
  progress.position = due_.empty() ? begin : due_.back();
  if (page->more) {
    place.position = progress.position;
    places_.push_back(std::move(place));
  }
  std::reverse(due_.begin(), due_.end());
  co_return Result<void>();
}

TableRef Expirer::expiring(const Table& table) const {
  TableRef found = catalog_.find(table.region, TableName{{}, {}, table.name});
  const bool wanted = found != nullptr && found->id == table.id && expires_items(*found);
  return wanted ? found : nullptr;
}

Task<Result<void>> Expirer::delete_some(std::int64_t due_s) {
  std::vector<Bytes> batch;
  for (std::size_t left = batch_size(); left > 0 && !due_.empty(); --left) {
    batch.push_back(std::move(due_.back()));
    due_.pop_back();
  }
  // The newest definition: expiry may have been turned off meanwhile.
  const TableRef table = expiring(table_);
  if (table == nullptr) {
    due_.clear();
    co_return Result<void>();
  }
  if (const auto first = parse_expiry_entry(batch.front()); first && lag_ != nullptr) {
    lag_->set(std::max<std::int64_t>(due_s - first->expiry_s, 0));
  }
  Arena arena;
  CO_TRY_ASSIGN(const ExpiryOutcome outcome, co_await items_.expire(*table, batch, due_s, &arena));
  if (deleted_ != nullptr) deleted_->add(outcome.deleted);
  if (changed_ != nullptr) changed_->add(outcome.changed);
  co_return Result<void>();
}

}  // namespace armature
