#include "catalog/catalog.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/log.h"
#include "base/random.h"

namespace armature {
namespace {

// Keys of the catalog's key space:
//
//   "t" | region | 0x00 | table name    a definition (definition_codec.cc)
//   "d" | region | 0x00 | table name | 0x00 | table id
//                                       the last definition of a deleted table whose streams are kept
//   "k"                                 the next free key space id, 8 bytes big-endian
constexpr std::string_view kTablePrefix = "t";
constexpr std::string_view kRetiredPrefix = "d";
constexpr std::string_view kNextKeySpace = "k";

// How often a change is tried against other servers of the same storage before it gives up.
constexpr int kMostAttempts = 100;

// Numbers of snapshots are unique in the process, so that a copy kept by a thread is never taken for one of another
// catalog.
std::uint64_t new_snapshot_number() {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::string snapshot_key(std::string_view region, std::string_view name) {
  std::string key(region);
  key.push_back('\0');
  key.append(name);
  return key;
}

std::string retired_key(const TableDefinition& table) {
  std::string key = snapshot_key(table.region, table.name);
  key.push_back('\0');
  key.append(table.id);
  return key;
}

Bytes storage_key(std::string_view snapshot_key) { return Bytes(kTablePrefix) + Bytes(snapshot_key); }

storage::ReadKey read_key(BytesView key) { return {{storage::kCatalogKeySpace, key}, storage::Space::kItems, key}; }

storage::Write put_write(BytesView key, Bytes value) {
  return {{storage::kCatalogKeySpace, key}, storage::Space::kItems, Bytes(key), false, std::move(value)};
}

storage::ReadCheck read_check(BytesView key, storage::Version version) {
  return {{storage::kCatalogKeySpace, key}, storage::Space::kItems, key, version};
}

Error storage_failed(const char* what, const storage::StorageError& error) {
  log(LogLevel::kError, "the catalog failed", {{"doing", what}, {"engine", error.message}});
  return {ErrorCode::kInternal, "Internal server error", {}};
}

// `doing`, for the log, names the change that reads or commits.
Task<Result<storage::Versioned>> read_row(storage::Storage* storage, BytesView row, const char* doing) {
  auto current = co_await storage->get(read_key(row), storage::ReadMode::kForUpdate);
  if (!current) co_return Unexpected(storage_failed(doing, current.error()));
  co_return std::move(*current);
}

// False when a row that was read is not any longer what it was: the change has to be decided again.
Task<Result<bool>> commit(storage::Storage* storage, storage::Batch batch, const char* doing) {
  const auto committed = co_await storage->commit(std::move(batch), storage::Durability::kDurable);
  if (!committed && committed.error().code == storage::StorageErrorCode::kConflict) co_return false;
  if (!committed) co_return Unexpected(storage_failed(doing, committed.error()));
  co_return true;
}

Error table_not_found(std::string_view name) {
  return {ErrorCode::kResourceNotFound, "Requested resource not found: Table: " + std::string(name) + " not found", {}};
}

// Indexes are numbered once. A local index that has an id and no key space is older than the counting of local indexes;
// giving it one now would make its figures wrong.
std::size_t count_new_indexes(const TableDefinition& table) {
  const auto is_new = [](const IndexDefinition& index) { return index.id == 0; };
  return static_cast<std::size_t>(std::count_if(table.local_indexes.begin(), table.local_indexes.end(), is_new) +
                                  std::count_if(table.global_indexes.begin(), table.global_indexes.end(), is_new));
}

// Gives every new index its id and its key space.
void number_indexes(TableDefinition* table, storage::KeySpaceId* next_key_space) {
  for (auto* indexes : {&table->local_indexes, &table->global_indexes}) {
    for (IndexDefinition& index : *indexes) {
      if (index.id != 0) continue;
      index.id = table->next_index_id++;
      index.key_space = (*next_key_space)++;
    }
  }
}

// Key spaces `before` has and `after` has not.
std::vector<storage::KeySpaceId> dropped_key_spaces(const TableDefinition& before, const TableDefinition& after) {
  std::vector<storage::KeySpaceId> dropped;
  for (const IndexDefinition& index : before.global_indexes) {
    const auto same = [&](const IndexDefinition& other) { return other.key_space == index.key_space; };
    if (std::none_of(after.global_indexes.begin(), after.global_indexes.end(), same))
      dropped.push_back(index.key_space);
  }
  return dropped;
}

// What is kept of a deleted table: nothing, unless it has streams.
std::optional<TableDefinition> retired_form(const TableDefinition& last, Clock::Millis now_ms) {
  if (!last.stream && last.old_streams.empty()) return std::nullopt;
  TableDefinition retired = last;
  if (retired.stream && retired.stream->enabled) {
    retired.stream->enabled = false;
    retired.stream->disabled_at_ms = now_ms;
  }
  return retired;
}

}  // namespace

bool is_definition_key(BytesView key) { return key.starts_with(kTablePrefix) || is_retired_definition_key(key); }
bool is_retired_definition_key(BytesView key) { return key.starts_with(kRetiredPrefix); }

Result<TableRef> active_table(TableRef table) {
  if (table == nullptr || (table->status != TableStatus::kActive && table->status != TableStatus::kUpdating)) {
    return fail(ErrorCode::kResourceNotFound, "Requested resource not found");
  }
  return table;
}

struct Catalog::Snapshot {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  // By region and name, as snapshot_key() joins them. Snapshots share what an entry points at, so that its count of
  // users is that of requests, plus one.
  std::unordered_map<std::string, std::shared_ptr<const TableRef>, Hash, std::equal_to<>> tables;
  std::map<std::string, TableRef> retired;  // By retired_key().
};

Catalog::Catalog(storage::Storage* storage, const Clock* clock, std::string account_id)
    : storage_(storage),
      clock_(clock),
      account_id_(std::move(account_id)),
      snapshot_(std::make_shared<const Snapshot>()),
      snapshot_number_(new_snapshot_number()) {}

Catalog::~Catalog() = default;

const Catalog::Snapshot& Catalog::snapshot() const {
  struct Copy {
    std::uint64_t number = 0;
    std::shared_ptr<const Snapshot> snapshot;
  };
  thread_local Copy copy;
  const std::uint64_t number = snapshot_number_.load(std::memory_order_acquire);
  if (copy.number != number) {
    const std::lock_guard lock(snapshot_mutex_);
    copy = {snapshot_number_.load(std::memory_order_relaxed), snapshot_};
  }
  return *copy.snapshot;
}

TableRef Catalog::find(std::string_view region, std::string_view name) const {
  // Names are at most 255 bytes; the key is built on the stack so that a lookup does not allocate.
  char buffer[512];
  if (region.size() + name.size() + 1 > sizeof buffer) return nullptr;
  std::copy(region.begin(), region.end(), buffer);
  buffer[region.size()] = '\0';
  std::copy(name.begin(), name.end(), buffer + region.size() + 1);
  while (true) {
    const std::uint64_t number = snapshot_number_.load(std::memory_order_acquire);
    const auto& tables = snapshot().tables;
    const auto found = tables.find(std::string_view(buffer, region.size() + name.size() + 1));
    if (found == tables.end()) return nullptr;
    TableRef table = *found->second;
    if (is_newest(number)) return table;
  }
}

TableRef Catalog::find(std::string_view region, const TableName& table) const {
  if (!table.account_id.empty() && table.account_id != account_id_) return nullptr;
  if (!table.region.empty() && table.region != region) return nullptr;
  return find(region, table.name);
}

Result<TableRef> Catalog::described_table(std::string_view region, const TableName& table) const {
  TableRef found = find(region, table);
  if (found == nullptr) return Unexpected(table_not_found(table.name));
  return found;
}

std::vector<std::string> Catalog::list(std::string_view region, std::string_view after, std::size_t limit,
                                       bool* more) const {
  std::vector<std::string> names;
  for (const auto& [key, entry] : snapshot().tables) {
    const TableDefinition& table = **entry;
    if (table.region == region && table.name > after) names.push_back(table.name);
  }
  std::sort(names.begin(), names.end());
  *more = names.size() > limit;
  if (*more) names.resize(limit);
  return names;
}

std::size_t Catalog::table_count(std::string_view region) const {
  const auto& tables = snapshot().tables;
  return static_cast<std::size_t>(std::count_if(tables.begin(), tables.end(),
                                                [&](const auto& entry) { return (*entry.second)->region == region; }));
}

std::vector<TableRef> Catalog::all() const {
  while (true) {
    const std::uint64_t number = snapshot_number_.load(std::memory_order_acquire);
    std::vector<TableRef> tables;
    for (const auto& [key, table] : snapshot().tables) tables.push_back(*table);
    if (is_newest(number)) return tables;
  }
}

// Whether the snapshot of that number, of which definitions were taken, is the newest still. Whoever replaces a
// definition changes the number first and counts its users then. So either the new number is seen here, or these users
// are counted there.
bool Catalog::is_newest(std::uint64_t number) const {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return snapshot_number_.load(std::memory_order_relaxed) == number;
}

std::vector<TableRef> Catalog::retired() const {
  std::vector<TableRef> tables;
  for (const auto& [key, table] : snapshot().retired) tables.push_back(table);
  return tables;
}

std::vector<StreamRef> Catalog::streams(std::string_view region) const {
  std::vector<StreamRef> streams;
  const auto add = [&](const TableRef& table) {
    if (table->region != region) return;
    for (const StreamDefinition& stream : table->old_streams) streams.push_back({table, &stream});
    if (table->stream) streams.push_back({table, &*table->stream});
  };
  for (const auto& [key, table] : snapshot().retired) add(table);
  for (const auto& [key, table] : snapshot().tables) add(*table);
  std::sort(streams.begin(), streams.end(), [](const StreamRef& a, const StreamRef& b) {
    return std::tie(a.table->name, a.stream->label) < std::tie(b.table->name, b.stream->label);
  });
  return streams;
}

std::optional<StreamRef> Catalog::find_stream(std::string_view region, const StreamName& name) const {
  if (!name.table.account_id.empty() && name.table.account_id != account_id_) return std::nullopt;
  if (!name.table.region.empty() && name.table.region != region) return std::nullopt;
  const auto look_in = [&](const TableRef& table) -> std::optional<StreamRef> {
    if (table->stream && table->stream->label == name.label) return StreamRef{table, &*table->stream};
    for (const StreamDefinition& stream : table->old_streams) {
      if (stream.label == name.label) return StreamRef{table, &stream};
    }
    return std::nullopt;
  };
  if (const TableRef table = find(region, name.table.name)) {
    if (auto found = look_in(table)) return found;
  }
  const std::string prefix = snapshot_key(region, name.table.name) + '\0';
  const auto& retired = snapshot().retired;
  for (auto it = retired.lower_bound(prefix); it != retired.end() && it->first.starts_with(prefix); ++it) {
    if (auto found = look_in(it->second)) return found;
  }
  return std::nullopt;
}

bool Catalog::is_in_use_by_older(const TableDefinition& table) {
  const std::lock_guard lock(snapshot_mutex_);
  forget_unused_definitions();
  return replaced_.contains(table.key_space);
}

// An entry is one user of its definition; all others are requests.
void Catalog::forget_unused_definitions() {
  for (auto it = replaced_.begin(); it != replaced_.end();) {
    std::erase_if(it->second, [](const std::shared_ptr<const TableRef>& entry) { return entry->use_count() == 1; });
    it = it->second.empty() ? replaced_.erase(it) : std::next(it);
  }
}

void Catalog::publish(const std::string& key, TableRef table) {
  const std::lock_guard lock(snapshot_mutex_);
  auto next = std::make_shared<Snapshot>(*snapshot_);
  if (const auto before = next->tables.find(key); before != next->tables.end()) {
    forget_unused_definitions();
    replaced_[(*before->second)->key_space].push_back(std::move(before->second));
    next->tables.erase(before);
  }
  if (table != nullptr) next->tables.emplace(key, std::make_shared<const TableRef>(std::move(table)));
  snapshot_ = std::move(next);
  snapshot_number_.store(new_snapshot_number(), std::memory_order_release);
  std::atomic_thread_fence(std::memory_order_seq_cst);  // See is_newest().
}

void Catalog::publish_retired(const std::string& key, TableRef table) {
  const std::lock_guard lock(snapshot_mutex_);
  auto next = std::make_shared<Snapshot>(*snapshot_);
  if (table == nullptr) {
    next->retired.erase(key);
  } else {
    next->retired[key] = std::move(table);
  }
  snapshot_ = std::move(next);
  snapshot_number_.store(new_snapshot_number(), std::memory_order_release);
}

Task<Result<void>> Catalog::load() {
  auto loaded = std::make_shared<Snapshot>();
  for (const std::string_view prefix : {kRetiredPrefix, kTablePrefix}) {
    Bytes begin(prefix);
    const Bytes end = prefix_successor(prefix);
    for (bool more = true; more;) {
      auto page = co_await storage_->range(
          {.key_space = storage::kCatalogKeySpace, .begin = begin, .end = end, .limit_entries = 1000});
      if (!page) co_return Unexpected(storage_failed("loading", page.error()));
      for (const storage::Entry& entry : page->entries) {
        CO_TRY_ASSIGN(TableDefinition decoded, decode_definition(entry.value));
        const TableRef table = std::make_shared<const TableDefinition>(std::move(decoded));
        if (prefix == kRetiredPrefix) {
          loaded->retired[retired_key(*table)] = table;
        } else {
          loaded->tables[snapshot_key(table->region, table->name)] = std::make_shared<const TableRef>(table);
        }
      }
      more = page->more;
      if (more) begin = Bytes(page->entries.back().key) + '\0';
    }
  }
  const std::lock_guard lock(snapshot_mutex_);
  snapshot_ = std::move(loaded);
  snapshot_number_.store(new_snapshot_number(), std::memory_order_release);
  co_return Result<void>();
}

// Ids are taken in a commit of their own: one that is lost to a crash is never used, and none is used twice.
Task<Result<storage::KeySpaceId>> Catalog::allocate_key_spaces(std::size_t count) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    CO_TRY_ASSIGN(const auto current, co_await read_row(storage_, kNextKeySpace, "allocating a key space"));
    const storage::KeySpaceId first =
        current.found && current.value.size() == 8 ? read_u64_be(current.value.data()) : storage::kFirstUserKeySpace;
    Bytes next;
    append_u64_be(&next, first + count);
    storage::Batch batch;
    batch.reads.push_back(read_check(kNextKeySpace, current.version));
    batch.writes.push_back(put_write(kNextKeySpace, std::move(next)));
    CO_TRY_ASSIGN(const bool committed, co_await commit(storage_, std::move(batch), "allocating a key space"));
    if (committed) co_return first;
  }
  co_return fail(ErrorCode::kInternal, "Internal server error");
}

Task<Result<TableRef>> Catalog::create(TableDefinition draft, const Extend& extend) {
  const auto lock = co_await changes_.lock();
  draft.account_id = account_id_;
  draft.arn = table_arn(draft.region, account_id_, draft.name);
  draft.id = random_uuid();
  draft.revision = 1;
  draft.created_at_ms = clock_->now_ms();
  const std::string key = snapshot_key(draft.region, draft.name);
  const Bytes row = storage_key(key);
  CO_TRY_ASSIGN(storage::KeySpaceId next_key_space, co_await allocate_key_spaces(1 + count_new_indexes(draft)));
  draft.key_space = next_key_space++;
  number_indexes(&draft, &next_key_space);
  draft.keeps_collection_sizes = !draft.local_indexes.empty();

  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    CO_TRY_ASSIGN(const auto current, co_await read_row(storage_, row, "creating a table"));
    if (current.found) co_return fail(ErrorCode::kResourceInUse, "Table already exists: " + draft.name);

    storage::Batch batch;
    batch.reads.push_back(read_check(row, current.version));
    batch.writes.push_back(put_write(row, encode_definition(draft)));
    if (extend) extend(draft, &batch);
    CO_TRY_ASSIGN(const bool committed, co_await commit(storage_, std::move(batch), "creating a table"));
    if (!committed) continue;
    TableRef table = std::make_shared<const TableDefinition>(std::move(draft));
    publish(key, table);
    co_return table;
  }
  co_return fail(ErrorCode::kInternal, "Internal server error");
}

Task<Result<TableRef>> Catalog::update(std::string_view region, const TableName& name, const Change& change) {
  const auto lock = co_await changes_.lock();
  CO_TRY_ASSIGN(const TableRef known, described_table(region, name));
  const std::string key = snapshot_key(known->region, known->name);
  const Bytes row = storage_key(key);

  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    CO_TRY_ASSIGN(const auto current, co_await read_row(storage_, row, "updating a table"));
    if (!current.found) co_return Unexpected(table_not_found(name.name));
    CO_TRY_ASSIGN(const TableDefinition before, decode_definition(current.value));
    CO_TRY_ASSIGN(TableDefinition after, change(before));
    after.revision = before.revision + 1;
    after.usage = known->usage;
    const std::size_t added = count_new_indexes(after);
    storage::KeySpaceId next_key_space = 0;
    if (added > 0) {
      CO_TRY_ASSIGN(next_key_space, co_await allocate_key_spaces(added));
    }
    number_indexes(&after, &next_key_space);

    storage::Batch batch;
    batch.reads.push_back(read_check(row, current.version));
    batch.writes.push_back(put_write(row, encode_definition(after)));
    CO_TRY_ASSIGN(const bool committed, co_await commit(storage_, std::move(batch), "updating a table"));
    if (!committed) continue;

    const std::vector<storage::KeySpaceId> dropped = dropped_key_spaces(before, after);
    TableRef table = std::make_shared<const TableDefinition>(std::move(after));
    publish(key, table);
    for (const storage::KeySpaceId key_space : dropped) {
      auto done = co_await storage_->drop_key_space(key_space, storage::Drop::kEverything);
      if (!done) co_return Unexpected(storage_failed("dropping an index", done.error()));
    }
    co_return table;
  }
  co_return fail(ErrorCode::kInternal, "Internal server error");
}

Task<Result<TableRef>> Catalog::remove(std::string_view region, const TableName& name, const Check& check) {
  const auto lock = co_await changes_.lock();
  CO_TRY_ASSIGN(const TableRef known, described_table(region, name));
  const std::string key = snapshot_key(known->region, known->name);
  const Bytes row = storage_key(key);

  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    CO_TRY_ASSIGN(const auto current, co_await read_row(storage_, row, "deleting a table"));
    if (!current.found) co_return Unexpected(table_not_found(name.name));
    CO_TRY_ASSIGN(TableDefinition last, decode_definition(current.value));
    CO_TRY(check(last));

    storage::Batch batch;
    batch.reads.push_back(read_check(row, current.version));
    batch.writes.push_back({{storage::kCatalogKeySpace, row}, storage::Space::kItems, row, true, {}});
    const std::optional<TableDefinition> retired = retired_form(last, clock_->now_ms());
    const Bytes retired_row = Bytes(kRetiredPrefix) + retired_key(last);
    if (retired) batch.writes.push_back(put_write(retired_row, encode_definition(*retired)));
    CO_TRY_ASSIGN(const bool committed, co_await commit(storage_, std::move(batch), "deleting a table"));
    if (!committed) continue;

    // In this order: at no moment is a stream of the table unknown.
    if (retired) publish_retired(retired_key(last), std::make_shared<const TableDefinition>(*retired));
    publish(key, nullptr);
    std::vector<storage::KeySpaceId> dropped{last.key_space};
    for (const auto* indexes : {&last.local_indexes, &last.global_indexes}) {
      for (const IndexDefinition& index : *indexes) {
        if (index.key_space != 0) dropped.push_back(index.key_space);
      }
    }
    for (const storage::KeySpaceId key_space : dropped) {
      auto done = co_await storage_->drop_key_space(key_space, retired && key_space == last.key_space
                                                                   ? storage::Drop::kAllButStream
                                                                   : storage::Drop::kEverything);
      if (!done) co_return Unexpected(storage_failed("dropping a table", done.error()));
    }
    co_return std::make_shared<const TableDefinition>(std::move(last));
  }
  co_return fail(ErrorCode::kInternal, "Internal server error");
}

Task<Result<void>> Catalog::forget(const TableDefinition& retired) {
  const auto lock = co_await changes_.lock();
  const auto dropped = co_await storage_->drop_key_space(retired.key_space, storage::Drop::kEverything);
  if (!dropped) co_return Unexpected(storage_failed("forgetting a deleted table", dropped.error()));
  const std::string key = retired_key(retired);
  const Bytes row = Bytes(kRetiredPrefix) + Bytes(key);
  storage::Batch batch;
  batch.writes.push_back({{storage::kCatalogKeySpace, row}, storage::Space::kItems, row, true, {}});
  // It depends on nothing that was read, so there is no conflict.
  CO_TRY(co_await commit(storage_, std::move(batch), "forgetting a deleted table"));
  publish_retired(key, nullptr);
  co_return Result<void>();
}

}  // namespace armature
