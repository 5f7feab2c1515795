// The tokens of the transactions this process is working on, so that a second request with the same token learns that
// the first has not finished. Between processes the token's row decides: one of the two commits conflicts. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/bytes.h"

namespace armature {

class RunningTokens {
 public:
  // Keeps a token for as long as it lives; the RunningTokens must live longer.
  class Entry {
   public:
    Entry(RunningTokens* tokens, Bytes key) : tokens_(tokens), key_(std::move(key)) {}
    Entry(Entry&& other) noexcept : tokens_(std::exchange(other.tokens_, nullptr)), key_(std::move(other.key_)) {}
    Entry& operator=(Entry&&) = delete;
    ~Entry() {
      if (tokens_ != nullptr) tokens_->leave(key_);
    }

   private:
    RunningTokens* tokens_;
    Bytes key_;
  };

  // nullopt: a transaction with this token is running.
  std::optional<Entry> enter(const Bytes& key) {
    const std::lock_guard lock(mutex_);
    if (!running_.insert(key).second) return std::nullopt;
    return Entry(this, key);
  }

 private:
  void leave(const Bytes& key) {
    const std::lock_guard lock(mutex_);
    running_.erase(key);
  }

  std::mutex mutex_;
  std::unordered_set<Bytes> running_;  // Guarded by mutex_.
};

}  // namespace armature
