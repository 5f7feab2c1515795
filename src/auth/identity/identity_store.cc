#include "auth/identity/identity_store.h"

#include <algorithm>

#include "base/log.h"

namespace armature::auth {
namespace {

constexpr std::string_view kKeyCheckText = "armature key check";
constexpr std::string_view kKeyCheckContext = "key check";

// How often a change is tried against other servers of the same storage before it gives up.
constexpr int kMostAttempts = 100;
constexpr std::int64_t kUsageGranularityS = 60;

// Numbers of snapshots are unique in the process, so that a copy kept by a thread is never taken for one of another
// store.
std::uint64_t new_snapshot_number() {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

storage::ReadKey read_key(BytesView key) { return {{storage::kIdentityKeySpace, key}, storage::Space::kItems, key}; }

// `key` must outlive the batch.
storage::Write put_write(BytesView key, Bytes value) {
  return {{storage::kIdentityKeySpace, key}, storage::Space::kItems, Bytes(key), false, std::move(value)};
}
storage::Write erase_write(BytesView key) {
  return {{storage::kIdentityKeySpace, key}, storage::Space::kItems, Bytes(key), true, {}};
}

Error storage_failed(const char* what, const storage::StorageError& error) {
  log(LogLevel::kError, "the identities failed", {{"doing", what}, {"engine", error.message}});
  return {ErrorCode::kInternal, "Internal server error", {}};
}

std::uint64_t revision_of(BytesView value) { return value.size() == 8 ? read_u64_be(value.data()) : 0; }

Error wrong_keys() {
  return {ErrorCode::kInternal,
          "the key file is not the one that protects the secrets in this data; name the right one with --key-file",
          {}};
}

}  // namespace

void IdentityChange::put(User user) {
  if (const UserRef before = next_.user_by_id(user.id)) {
    erase(user_row(before->name));
    for (const UserAccessKey& key : before->access_keys) {
      const auto same = [&](const UserAccessKey& other) { return other.id == key.id; };
      if (std::none_of(user.access_keys.begin(), user.access_keys.end(), same)) erase(key_usage_row(key.id));
    }
  }
  write(user_row(user.name), encode_user(user, keys_));
  next_.put(std::move(user));
}
void IdentityChange::put(Group group) {
  if (const GroupRef before = next_.group_by_id(group.id)) erase(group_row(before->name));
  write(group_row(group.name), encode_group(group));
  next_.put(std::move(group));
}
void IdentityChange::put(Role role) {
  write(role_row(role.name), encode_role(role));
  next_.put(std::move(role));
}
void IdentityChange::put(ManagedPolicy policy) {
  write(policy_row(policy.name), encode_policy(policy));
  next_.put(std::move(policy));
}
void IdentityChange::put(AccountSettings settings) {
  write(Bytes(kAccountRow), encode_account(settings));
  next_.put(std::move(settings));
}
void IdentityChange::remove(const User& user) {
  // The entity may die with its place in next_.
  const std::string name = user.name;
  for (const UserAccessKey& key : user.access_keys) erase(key_usage_row(key.id));
  erase(user_row(name));
  next_.remove_user(name);
}
void IdentityChange::remove(const Group& group) {
  const std::string name = group.name;
  erase(group_row(name));
  next_.remove_group(name);
}
void IdentityChange::remove(const Role& role) {
  const std::string name = role.name;
  erase(key_usage_row(role.id));
  erase(role_row(name));
  next_.remove_role(name);
}
void IdentityChange::remove(const ManagedPolicy& policy) {
  const std::string name = policy.name;
  erase(policy_row(name));
  next_.remove_policy(name);
}

IdentityStore::IdentityStore(storage::Storage* storage, const Clock* clock, KeyRing keys, std::string account_id)
    : storage_(storage),
      clock_(clock),
      keys_(std::move(keys)),
      account_id_(std::move(account_id)),
      snapshot_{std::make_shared<const Identities>(account_id_), 0},
      snapshot_number_(new_snapshot_number()) {}

IdentityStore::~IdentityStore() = default;

const IdentityStore::Snapshot& IdentityStore::snapshot() const {
  struct Copy {
    std::uint64_t number = 0;
    Snapshot snapshot;
  };
  thread_local Copy copy;
  const std::uint64_t number = snapshot_number_.load(std::memory_order_acquire);
  if (copy.number != number) {
    const std::lock_guard lock(snapshot_mutex_);
    copy = {snapshot_number_.load(std::memory_order_relaxed), snapshot_};
  }
  return copy.snapshot;
}

void IdentityStore::publish(Snapshot snapshot) {
  const std::lock_guard lock(snapshot_mutex_);
  snapshot_ = std::move(snapshot);
  snapshot_number_.store(new_snapshot_number(), std::memory_order_release);
}

Task<Result<bool>> IdentityStore::exists(storage::Storage* storage) {
  auto check = co_await storage->get(read_key(kKeyCheckRow), storage::ReadMode::kCommitted);
  if (!check) co_return Unexpected(storage_failed("looking for the key check", check.error()));
  co_return check->found;
}

Result<void> IdentityStore::read_entry(BytesView key, BytesView value, Loaded* loaded) const {
  switch (kind_of_row(key)) {
    case RowKind::kUser: {
      bool sealed_by_old_key = false;
      TRY_ASSIGN(User user, decode_user(value, keys_, &sealed_by_old_key));
      if (sealed_by_old_key) loaded->users_to_reseal.push_back(user.name);
      loaded->identities.put(std::move(user));
      return {};
    }
    case RowKind::kGroup: {
      TRY_ASSIGN(Group group, decode_group(value));
      loaded->identities.put(std::move(group));
      return {};
    }
    case RowKind::kRole: {
      TRY_ASSIGN(Role role, decode_role(value));
      loaded->identities.put(std::move(role));
      return {};
    }
    case RowKind::kPolicy: {
      TRY_ASSIGN(ManagedPolicy policy, decode_policy(value));
      loaded->identities.put(std::move(policy));
      return {};
    }
    case RowKind::kAccount: {
      TRY_ASSIGN(AccountSettings settings, decode_account(value));
      loaded->identities.put(std::move(settings));
      return {};
    }
    case RowKind::kKeyCheck: {
      const auto text = keys_.open(SealPurpose::kStoredSecret, value, kKeyCheckContext);
      if (!text || *text != kKeyCheckText) return Unexpected(wrong_keys());
      loaded->has_key_check = true;
      loaded->key_check_is_old = !keys_.is_sealed_by_first_key(value);
      return {};
    }
    case RowKind::kKeyUsage: {
      TRY_ASSIGN(KeyUsage usage, decode_key_usage(value));
      loaded->usage[std::string(key.substr(key_usage_row("").size()))] = std::move(usage);
      return {};
    }
    case RowKind::kRevision:
    case RowKind::kOther: return {};
  }
  return {};
}

// The revision is read before the rest and again behind it: what lies between is of one state, or is read again.
Task<Result<IdentityStore::Loaded>> IdentityStore::read_all() {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    auto before = co_await storage_->get(read_key(kRevisionRow), storage::ReadMode::kCommitted);
    if (!before) co_return Unexpected(storage_failed("loading", before.error()));
    Loaded loaded{.identities = Identities(account_id_), .revision = revision_of(before->value)};
    // Without the right keys nothing else makes sense, so their check comes first.
    auto check = co_await storage_->get(read_key(kKeyCheckRow), storage::ReadMode::kCommitted);
    if (!check) co_return Unexpected(storage_failed("loading", check.error()));
    if (check->found) CO_TRY(read_entry(kKeyCheckRow, check->value, &loaded));

    Bytes begin(kRowPrefix);
    const Bytes end = prefix_successor(kRowPrefix);
    for (bool more = true; more;) {
      auto page = co_await storage_->range(
          {.key_space = storage::kIdentityKeySpace, .begin = begin, .end = end, .limit_entries = 1000});
      if (!page) co_return Unexpected(storage_failed("loading", page.error()));
      for (const storage::Entry& entry : page->entries) CO_TRY(read_entry(entry.key, entry.value, &loaded));
      more = page->more;
      if (more) begin = Bytes(page->entries.back().key) + '\0';
    }
    auto after = co_await storage_->get(read_key(kRevisionRow), storage::ReadMode::kCommitted);
    if (!after) co_return Unexpected(storage_failed("loading", after.error()));
    if (revision_of(after->value) == loaded.revision) co_return loaded;
  }
  co_return fail(ErrorCode::kInternal, "the identities change faster than they can be read");
}

Task<Result<void>> IdentityStore::reload() {
  CO_TRY_ASSIGN(Loaded loaded, co_await read_all());
  publish({std::make_shared<const Identities>(std::move(loaded.identities)), loaded.revision});
  co_return Result<void>();
}

Task<Result<void>> IdentityStore::load() {
  CO_TRY_ASSIGN(Loaded loaded, co_await read_all());
  const std::vector<std::string> to_reseal = loaded.users_to_reseal;
  const bool write_key_check = !loaded.has_key_check || loaded.key_check_is_old;
  {
    const std::lock_guard lock(usage_mutex_);
    for (auto& [id, usage] : loaded.usage) usage_[id] = {std::move(usage), false};
  }
  publish({std::make_shared<const Identities>(std::move(loaded.identities)), loaded.revision});
  if (!write_key_check && to_reseal.empty()) co_return Result<void>();

  const Decide reseal = [&](IdentityChange& change) -> Result<void> {
    for (const std::string& name : to_reseal) {
      if (const UserRef user = change.now().user(name)) change.put(User(*user));
    }
    change.write(Bytes(kKeyCheckRow), keys_.seal(SealPurpose::kStoredSecret, kKeyCheckText, kKeyCheckContext));
    return {};
  };
  CO_TRY(co_await change(reseal));
  if (!to_reseal.empty()) {
    log(LogLevel::kInfo, "secrets sealed anew with the newest key",
        {{"users", static_cast<std::int64_t>(to_reseal.size())}});
  }
  co_return Result<void>();
}

Task<Result<void>> IdentityStore::refresh() {
  auto revision = co_await storage_->get(read_key(kRevisionRow), storage::ReadMode::kCommitted);
  if (!revision) co_return Unexpected(storage_failed("refreshing", revision.error()));
  if (revision_of(revision->value) == snapshot().revision) co_return Result<void>();
  const auto lock = co_await changes_.lock();
  co_return co_await reload();
}

// False: another server was faster.
Task<Result<bool>> IdentityStore::try_commit(const IdentityChange& change, std::uint64_t revision) {
  auto current = co_await storage_->get(read_key(kRevisionRow), storage::ReadMode::kForUpdate);
  if (!current) co_return Unexpected(storage_failed("changing", current.error()));
  if (revision_of(current->value) != revision) co_return false;

  Bytes next;
  append_u64_be(&next, revision + 1);
  storage::Batch batch;
  batch.reads.push_back(
      {{storage::kIdentityKeySpace, kRevisionRow}, storage::Space::kItems, kRevisionRow, current->version});
  batch.writes.push_back(put_write(kRevisionRow, std::move(next)));
  for (const auto& [row, value] : change.rows_) {
    batch.writes.push_back(value ? put_write(row, *value) : erase_write(row));
  }
  auto committed = co_await storage_->commit(std::move(batch), storage::Durability::kDurable);
  if (committed) co_return true;
  if (committed.error().code == storage::StorageErrorCode::kConflict) co_return false;
  co_return Unexpected(storage_failed("changing", committed.error()));
}

Task<Result<void>> IdentityStore::change(Decide decide) {
  const auto lock = co_await changes_.lock();
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const Snapshot before = snapshot();
    IdentityChange change(*before.identities, keys_);
    CO_TRY(decide(change));
    if (change.rows_.empty()) co_return Result<void>();
    auto committed = co_await try_commit(change, before.revision);
    if (!committed) {
      // It may have been written all the same: what storage says now counts.
      (void)co_await reload();
      co_return Unexpected(std::move(committed).error());
    }
    if (*committed) {
      publish({std::make_shared<const Identities>(std::move(change.next_)), before.revision + 1});
      co_return Result<void>();
    }
    CO_TRY(co_await reload());
  }
  co_return fail(ErrorCode::kConcurrentModification,
                 "The request was rejected because multiple requests to change this object were submitted "
                 "simultaneously. Wait a few minutes and submit your request again.");
}

void IdentityStore::note_use(std::string_view access_key_id, std::string_view region, std::string_view service) {
  // What this thread noted last: most requests of a minute come from few keys.
  struct Noted {
    const void* store = nullptr;
    std::int64_t minute = 0;
    std::string key, region, service;
  };
  thread_local Noted noted[16];
  const std::int64_t now_s = clock_->now_s();
  const std::int64_t minute = now_s / kUsageGranularityS;
  Noted& slot = noted[std::hash<std::string_view>()(access_key_id) % std::size(noted)];
  if (slot.store == this && slot.minute == minute && slot.key == access_key_id && slot.region == region &&
      slot.service == service) {
    return;
  }
  slot = {this, minute, std::string(access_key_id), std::string(region), std::string(service)};
  const std::lock_guard lock(usage_mutex_);
  usage_[slot.key] = {{now_s, slot.region, slot.service}, true};
}

KeyUsage IdentityStore::usage_of(std::string_view access_key_id) const {
  const std::lock_guard lock(usage_mutex_);
  const auto found = usage_.find(std::string(access_key_id));
  return found == usage_.end() ? KeyUsage{} : found->second.usage;
}

Task<Result<void>> IdentityStore::flush_usage() {
  std::vector<std::pair<Bytes, Bytes>> rows;
  {
    const IdentitiesRef now = identities();
    const std::lock_guard lock(usage_mutex_);
    for (auto entry = usage_.begin(); entry != usage_.end();) {
      if (now->user_of_key(entry->first) == nullptr && now->role_by_id(entry->first) == nullptr) {  // Deleted since.
        entry = usage_.erase(entry);
        continue;
      }
      if (std::exchange(entry->second.dirty, false)) {
        rows.emplace_back(key_usage_row(entry->first), encode_key_usage(entry->second.usage));
      }
      ++entry;
    }
  }
  if (rows.empty()) co_return Result<void>();
  storage::Batch batch;
  for (auto& [row, value] : rows) batch.writes.push_back(put_write(row, value));
  auto committed = co_await storage_->commit(std::move(batch), storage::Durability::kBuffered);
  if (!committed) co_return Unexpected(storage_failed("noting the use of keys", committed.error()));
  co_return Result<void>();
}

}  // namespace armature::auth
