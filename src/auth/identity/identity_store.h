// IdentityStore: users, groups, roles and policies, durable in storage and, all of them, in memory: looking one up
// costs a hash and no lock. Changes are serialized, also against other servers of the same storage, and durable before
// they show.
//
//   store.change([&](IdentityChange& change) -> Result<void> {
//     const UserRef user = change.now().user(name);          // decide on the newest state …
//     if (user == nullptr) return fail(…);
//     User changed = *user;
//     changed.path = path;
//     change.put(std::move(changed));                        // … and say what is to become of it
//     return {};
//   });
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "auth/identity/entity_codec.h"
#include "auth/identity/identities.h"
#include "auth/secrets/key_ring.h"
#include "base/async_mutex.h"
#include "base/clock.h"
#include "base/task.h"
#include "model/error.h"
#include "storage/storage.h"

namespace armature::auth {

// One change while it is decided.
class IdentityChange {
 public:
  IdentityChange(const Identities& before, const KeyRing& keys) : next_(before), keys_(keys) {}

  // The newest state, with what this change has done so far.
  const Identities& now() const { return next_; }

  // Adds the entity, or replaces the one with its id, which may have had another name.
  void put(User user);
  void put(Group group);
  void put(Role role);
  void put(ManagedPolicy policy);
  void put(AccountSettings settings);
  void remove(const User& user);
  void remove(const Group& group);
  void remove(const Role& role);
  void remove(const ManagedPolicy& policy);

 private:
  friend class IdentityStore;

  void write(Bytes row, Bytes value) { rows_[std::move(row)] = std::move(value); }
  void erase(Bytes row) { rows_[std::move(row)] = std::nullopt; }

  Identities next_;
  const KeyRing& keys_;
  std::map<Bytes, std::optional<Bytes>> rows_;  // nullopt: the row goes.
};

// Thread-safe.
class IdentityStore {
 public:
  // `storage` and `clock` must outlive the store.
  IdentityStore(storage::Storage* storage, const Clock* clock, KeyRing keys, std::string account_id);
  ~IdentityStore();

  // Whether `storage` holds identities already, sealed with keys that must not be lost. For the start of a server.
  static Task<Result<bool>> exists(storage::Storage* storage);

  // Reads everything from storage. Call once, before anything else. The error is for the operator; the commonest cause
  // is the wrong key file. Secrets that an older key of the ring sealed are sealed anew.
  Task<Result<void>> load();

  // Reads everything again if another server has changed something.
  Task<Result<void>> refresh();

  // The newest state; never blocks.
  IdentitiesRef identities() const { return snapshot().identities; }
  // Another number for each state in this process; 0 is never one.
  std::uint64_t state_number() const { return snapshot_number_.load(std::memory_order_acquire); }

  // Makes the change that `decide` asks for, or returns its error. `decide` may run more than once and must not have
  // effects of its own. What it asked for is durable when this returns.
  using Decide = std::function<Result<void>(IdentityChange&)>;
  Task<Result<void>> change(Decide decide);

  // Notes that an access key, or the role of that id, was used. Costs some nanoseconds, except once a minute for each.
  void note_use(std::string_view access_key_id, std::string_view region, std::string_view service);
  KeyUsage usage_of(std::string_view access_key_id) const;
  // Writes down what note_use() was told since the last time. Losing some of it to a crash is acceptable.
  Task<Result<void>> flush_usage();

  const KeyRing& keys() const { return keys_; }
  const std::string& account_id() const { return account_id_; }

 private:
  struct Snapshot {
    IdentitiesRef identities;
    std::uint64_t revision = 0;
  };
  struct Loaded {
    Identities identities;
    std::uint64_t revision = 0;
    std::unordered_map<std::string, KeyUsage> usage;
    std::vector<std::string> users_to_reseal;
    bool has_key_check = false;
    bool key_check_is_old = false;
  };

  const Snapshot& snapshot() const;
  void publish(Snapshot snapshot);
  Task<Result<Loaded>> read_all();
  Result<void> read_entry(BytesView key, BytesView value, Loaded* loaded) const;
  Task<Result<void>> reload();
  Task<Result<bool>> try_commit(const IdentityChange& change, std::uint64_t revision);

  storage::Storage* const storage_;
  const Clock* const clock_;
  const KeyRing keys_;
  const std::string account_id_;

  AsyncMutex changes_;  // Held by the one change in progress.

  mutable std::mutex snapshot_mutex_;
  Snapshot snapshot_;                           // Guarded by snapshot_mutex_.
  std::atomic<std::uint64_t> snapshot_number_;  // Changes with snapshot_: threads keep a copy of the newest they saw.

  mutable std::mutex usage_mutex_;
  struct UsageEntry {
    KeyUsage usage;
    bool dirty = false;
  };
  std::unordered_map<std::string, UsageEntry> usage_;  // Guarded by usage_mutex_.
};

}  // namespace armature::auth
