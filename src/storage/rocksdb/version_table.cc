#include "storage/rocksdb/version_table.h"

#include <sched.h>

#include <functional>
#include <mutex>

namespace armature::storage {

void VersionTable::Stripe::lock() {
  while (locked.exchange(true, std::memory_order_acquire)) {
    for (int attempt = 1; locked.load(std::memory_order_relaxed); ++attempt) {
      // The holder may have lost its core; let it have ours.
      if (attempt % 64 == 0) sched_yield();
    }
  }
}

StripeIndex VersionTable::stripe_of(KeySpaceId key_space, Space space, BytesView key) {
  std::uint64_t hash = std::hash<BytesView>()(key);
  hash ^= (key_space * 8 + static_cast<std::uint64_t>(space)) * 0x9e3779b97f4a7c15ULL;
  hash *= 0xff51afd7ed558ccdULL;
  return static_cast<StripeIndex>(hash >> 48);
}

VersionTable::Look VersionTable::look(const ReadKey& key) const {
  Stripe& stripe = stripes_[stripe_of(key.home.key_space, key.space, key.key)];
  const std::lock_guard lock(stripe);
  Look result{.version = stripe.version, .stripe_pending = stripe.newest != nullptr};
  for (const PendingWrite* pending = stripe.newest; pending != nullptr; pending = pending->older) {
    const Write& write = *pending->write;
    if (write.home.key_space != key.home.key_space || write.space != key.space || write.key.view() != key.key) continue;
    result.pending = true;
    result.found = !write.erase;
    if (result.found) result.value.assign(write.value.view());
    break;
  }
  return result;
}

VersionTable::StripeState VersionTable::state(StripeIndex index) const {
  Stripe& stripe = stripes_[index];
  const std::lock_guard lock(stripe);
  return {stripe.version, stripe.newest != nullptr};
}

VersionTable::Lock::Lock(VersionTable& table, const StripeSet& stripes) : table_(table), stripes_(stripes) {
  for (const StripeIndex index : stripes_) table_.stripes_[index].lock();
}

VersionTable::Lock::~Lock() {
  for (const StripeIndex index : stripes_) table_.stripes_[index].unlock();
}

void VersionTable::enter(PendingWrite* write, Version version) {
  Stripe& stripe = stripes_[write->stripe];
  stripe.version = version;
  write->older = stripe.newest;
  write->newer = nullptr;
  if (stripe.newest != nullptr) stripe.newest->newer = write;
  stripe.newest = write;
}

void VersionTable::withdraw(PendingWrite* write) {
  if (write->older != nullptr) write->older->newer = write->newer;
  (write->newer != nullptr ? write->newer->older : stripes_[write->stripe].newest) = write->older;
}

void VersionTable::fail(PendingWrite* write, Version version) {
  Stripe& stripe = stripes_[write->stripe];
  const std::lock_guard lock(stripe);
  withdraw(write);
  stripe.version = version;
}

}  // namespace armature::storage
