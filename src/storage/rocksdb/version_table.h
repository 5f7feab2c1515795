// Which state a key is in, without asking the disk: the heart of optimistic commits.
//
// Keys hash to stripes. A stripe counts the commits that touched any of its keys (the Version a reader is given) and
// lists the writes that are committed in order but not durable yet. A commit locks its stripes, compares versions,
// enters its writes and is queued, all before it unlocks: so whatever reads a pending write is queued behind it, and a
// hot item's next update need not wait for the sync of the last one. Two keys on one stripe may conflict although they
// are different; the caller tries again, and 65,536 stripes make that rare.
//
// Locks are spin locks, held for well under a microsecond and never across a suspension or a system call. Thread-safe.
#pragma once

#include <atomic>
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <memory>
#include <mutex>

#include "storage/storage.h"

namespace armature::storage {

using StripeIndex = std::uint32_t;

// One write of a commit that is not durable yet. The key and value are the commit's and live until it is settled.
struct PendingWrite {
  const Write* write = nullptr;
  StripeIndex stripe = 0;
  PendingWrite* newer = nullptr;
  PendingWrite* older = nullptr;
};

using StripeSet = boost::container::small_vector<StripeIndex, 12>;

class VersionTable {
 private:
  static constexpr std::size_t kStripes = 1 << 16;

  // Two to a cache line.
  struct alignas(32) Stripe {
    std::atomic<bool> locked{false};
    Version version = 0;
    PendingWrite* newest = nullptr;

    void lock();
    void unlock() { locked.store(false, std::memory_order_release); }
  };

 public:
  VersionTable() : stripes_(std::make_unique<Stripe[]>(kStripes)) {}

  struct Look {
    Version version = 0;
    bool stripe_pending = false;  // Some write of the stripe is not durable yet.
    bool pending = false;         // The newest write of the key is not; it is in `found` and `value`.
    bool found = false;
    Bytes value;
  };
  // Takes the version first: a commit between this and the caller's own read of the disk makes the version stale, which
  // is what it should be.
  Look look(const ReadKey& key) const;

  // The state of a stripe alone, for those who read the disk and want to know whether what they read still stands.
  struct StripeState {
    Version version = 0;
    bool pending = false;
  };
  StripeState state(StripeIndex stripe) const;
  // Runs `keep` under the stripe's lock, if the stripe had nothing pending and nobody has entered a write since.
  template <class Keep>
  void if_unchanged(StripeIndex index, const StripeState& since, Keep keep) {
    if (since.pending) return;
    Stripe& stripe = stripes_[index];
    const std::lock_guard lock(stripe);
    if (stripe.version == since.version && stripe.newest == nullptr) keep();
  }

  static StripeIndex stripe_of(KeySpaceId key_space, Space space, BytesView key);

  // Locks stripes, sorted and without duplicates, for its life.
  class Lock {
   public:
    Lock(VersionTable& table, const StripeSet& stripes);
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    VersionTable& table_;
    const StripeSet& stripes_;
  };

  // The caller holds the stripe's Lock for these.
  Version version(StripeIndex stripe) const { return stripes_[stripe].version; }
  bool has_pending(StripeIndex stripe) const { return stripes_[stripe].newest != nullptr; }
  void enter(PendingWrite* write, Version version);
  void withdraw(PendingWrite* write);

  // Forget a write that is durable now. Runs `last` under the stripe's lock if no other write of the stripe is pending.
  template <class Last>
  void settle(PendingWrite* write, Last last) {
    Stripe& stripe = stripes_[write->stripe];
    const std::lock_guard lock(stripe);
    withdraw(write);
    if (stripe.newest == nullptr) last();
  }
  // Forget a write that failed. Whoever read it, or anything else of the stripe, will conflict.
  void fail(PendingWrite* write, Version version);

 private:
  std::unique_ptr<Stripe[]> stripes_;
};

}  // namespace armature::storage
