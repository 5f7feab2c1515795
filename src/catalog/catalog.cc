#include "catalog/catalog.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/log.h"
#include "base/random.h"

namespace armature {
namespace {

// Keys of the catalog's key space:
//
//   "t" | region | 0x00 | table name    a definition (definition_codec.cc)
//   "k"                                 the next free key space id, 8 bytes big-endian
constexpr std::string_view kTablePrefix = "t";
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

}  // namespace

bool is_definition_key(BytesView key) { return key.starts_with(kTablePrefix); }

struct Catalog::Snapshot {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  // By region and name, as snapshot_key() joins them.
  std::unordered_map<std::string, TableRef, Hash, std::equal_to<>> tables;
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
  const auto& tables = snapshot().tables;
  const auto found = tables.find(std::string_view(buffer, region.size() + name.size() + 1));
  return found == tables.end() ? nullptr : found->second;
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

Result<TableRef> Catalog::active_table(std::string_view region, const TableName& table) const {
  TableRef found = find(region, table);
  if (found == nullptr || (found->status != TableStatus::kActive && found->status != TableStatus::kUpdating)) {
    return fail(ErrorCode::kResourceNotFound, "Requested resource not found");
  }
  return found;
}

std::vector<std::string> Catalog::list(std::string_view region, std::string_view after, std::size_t limit,
                                       bool* more) const {
  std::vector<std::string> names;
  for (const auto& [key, table] : snapshot().tables) {
    if (table->region == region && table->name > after) names.push_back(table->name);
  }
  std::sort(names.begin(), names.end());
  *more = names.size() > limit;
  if (*more) names.resize(limit);
  return names;
}

std::size_t Catalog::table_count(std::string_view region) const {
  const auto& tables = snapshot().tables;
  return static_cast<std::size_t>(
      std::count_if(tables.begin(), tables.end(), [&](const auto& entry) { return entry.second->region == region; }));
}

std::vector<TableRef> Catalog::all() const {
  std::vector<TableRef> tables;
  for (const auto& [key, table] : snapshot().tables) tables.push_back(table);
  return tables;
}

bool Catalog::older_in_use(const TableDefinition& table) const {
  const std::lock_guard lock(snapshot_mutex_);
  std::erase_if(retired_, [](const auto& retired) { return retired.expired(); });
  return std::any_of(retired_.begin(), retired_.end(), [&table](const auto& retired) {
    const TableRef held = retired.lock();
    return held != nullptr && held->id == table.id && held->revision < table.revision;
  });
}

void Catalog::publish(const std::string& key, TableRef table) {
  const std::lock_guard lock(snapshot_mutex_);
  auto next = std::make_shared<Snapshot>(*snapshot_);
  std::erase_if(retired_, [](const auto& retired) { return retired.expired(); });
  if (const auto replaced = next->tables.find(key); replaced != next->tables.end()) {
    retired_.push_back(replaced->second);
  }
  if (table == nullptr) {
    next->tables.erase(key);
  } else {
    next->tables[key] = std::move(table);
  }
  snapshot_ = std::move(next);
  snapshot_number_.store(new_snapshot_number(), std::memory_order_release);
}

Task<Result<void>> Catalog::load() {
  auto loaded = std::make_shared<Snapshot>();
  Bytes begin(kTablePrefix);
  const Bytes end = prefix_successor(kTablePrefix);
  for (bool more = true; more;) {
    auto page = co_await storage_->range(
        {.key_space = storage::kCatalogKeySpace, .begin = begin, .end = end, .limit_entries = 1000});
    if (!page) co_return Unexpected(storage_failed("loading", page.error()));
    for (const storage::Entry& entry : page->entries) {
      CO_TRY_ASSIGN(TableDefinition table, decode_definition(entry.value));
      const std::string key = snapshot_key(table.region, table.name);
      loaded->tables[key] = std::make_shared<const TableDefinition>(std::move(table));
    }
    more = page->more;
    if (more) begin = Bytes(page->entries.back().key) + '\0';
  }
  const std::lock_guard lock(snapshot_mutex_);
  snapshot_ = std::move(loaded);
  snapshot_number_.store(new_snapshot_number(), std::memory_order_release);
  co_return Result<void>();
}

// Ids are taken in a commit of their own: one that is lost to a crash is never used, and none is used twice.
Task<Result<storage::KeySpaceId>> Catalog::allocate_key_spaces(std::size_t count) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    auto current = co_await storage_->get(read_key(kNextKeySpace), storage::ReadMode::kForUpdate);
    if (!current) co_return Unexpected(storage_failed("allocating a key space", current.error()));
    const storage::KeySpaceId first =
        current->found && current->value.size() == 8 ? read_u64_be(current->value.data()) : storage::kFirstUserKeySpace;
    Bytes next;
    append_u64_be(&next, first + count);
    storage::Batch batch;
    batch.reads.push_back(read_check(kNextKeySpace, current->version));
    batch.writes.push_back(put_write(kNextKeySpace, std::move(next)));
    auto committed = co_await storage_->commit(std::move(batch), storage::Durability::kDurable);
    if (committed) co_return first;
    if (committed.error().code != storage::StorageErrorCode::kConflict) {
      co_return Unexpected(storage_failed("allocating a key space", committed.error()));
    }
  }
  co_return fail(ErrorCode::kInternal, "Internal server error");
}

Task<Result<TableRef>> Catalog::create(TableDefinition draft) {
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

  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    auto current = co_await storage_->get(read_key(row), storage::ReadMode::kForUpdate);
    if (!current) co_return Unexpected(storage_failed("creating a table", current.error()));
    if (current->found) co_return fail(ErrorCode::kResourceInUse, "Table already exists: " + draft.name);

    storage::Batch batch;
    batch.reads.push_back(read_check(row, current->version));
    batch.writes.push_back(put_write(row, encode_definition(draft)));
    auto committed = co_await storage_->commit(std::move(batch), storage::Durability::kDurable);
    if (!committed && committed.error().code == storage::StorageErrorCode::kConflict) continue;
    if (!committed) co_return Unexpected(storage_failed("creating a table", committed.error()));
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
    auto current = co_await storage_->get(read_key(row), storage::ReadMode::kForUpdate);
    if (!current) co_return Unexpected(storage_failed("updating a table", current.error()));
    if (!current->found) co_return Unexpected(table_not_found(name.name));
    CO_TRY_ASSIGN(const TableDefinition before, decode_definition(current->value));
    CO_TRY_ASSIGN(TableDefinition after, change(before));
    after.revision = before.revision + 1;
    const std::size_t added = count_new_indexes(after);
    storage::KeySpaceId next_key_space = 0;
    if (added > 0) {
      CO_TRY_ASSIGN(next_key_space, co_await allocate_key_spaces(added));
    }
    number_indexes(&after, &next_key_space);

    storage::Batch batch;
    batch.reads.push_back(read_check(row, current->version));
    batch.writes.push_back(put_write(row, encode_definition(after)));
    auto committed = co_await storage_->commit(std::move(batch), storage::Durability::kDurable);
    if (!committed && committed.error().code == storage::StorageErrorCode::kConflict) continue;
    if (!committed) co_return Unexpected(storage_failed("updating a table", committed.error()));

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
    auto current = co_await storage_->get(read_key(row), storage::ReadMode::kForUpdate);
    if (!current) co_return Unexpected(storage_failed("deleting a table", current.error()));
    if (!current->found) co_return Unexpected(table_not_found(name.name));
    CO_TRY_ASSIGN(TableDefinition last, decode_definition(current->value));
    CO_TRY(check(last));

    storage::Batch batch;
    batch.reads.push_back(read_check(row, current->version));
    batch.writes.push_back({{storage::kCatalogKeySpace, row}, storage::Space::kItems, row, true, {}});
    auto committed = co_await storage_->commit(std::move(batch), storage::Durability::kDurable);
    if (!committed && committed.error().code == storage::StorageErrorCode::kConflict) continue;
    if (!committed) co_return Unexpected(storage_failed("deleting a table", committed.error()));

    publish(key, nullptr);
    std::vector<storage::KeySpaceId> dropped{last.key_space};
    for (const auto* indexes : {&last.local_indexes, &last.global_indexes}) {
      for (const IndexDefinition& index : *indexes) {
        if (index.key_space != 0) dropped.push_back(index.key_space);
      }
    }
    for (const storage::KeySpaceId key_space : dropped) {
      auto done = co_await storage_->drop_key_space(key_space, storage::Drop::kEverything);
      if (!done) co_return Unexpected(storage_failed("dropping a table", done.error()));
    }
    co_return std::make_shared<const TableDefinition>(std::move(last));
  }
  co_return fail(ErrorCode::kInternal, "Internal server error");
}

}  // namespace armature
