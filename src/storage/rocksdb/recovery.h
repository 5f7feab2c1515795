// Brings RocksDB back after a write failed, when the cause may be gone. On a thread of its own: it takes as long as
// writing all memory to files takes, and in rare states RocksDB 7.8 never returns from it (a flush that was scheduled
// just before the failure is forgotten, and recovery waits for it); commits are refused meanwhile, reads are not, and
// the operator is told.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "storage/rocksdb/database.h"

namespace armature::storage {

class Recovery {
 public:
  explicit Recovery(Database& database) : database_(database), thread_([this] { run(); }) {}
  ~Recovery() { close(); }

  // May commits be written? Nothing writes while this is false. Thread-safe.
  bool healthy() const { return healthy_.load(std::memory_order_acquire); }

  // A write has failed: tries to recover at once, and again and again with longer pauses. By the thread that writes.
  void start();

  // Ends the thread, also one that RocksDB holds on to. The database is good for reads only afterwards.
  void close();

 private:
  void run();

  Database& database_;
  std::atomic<bool> healthy_{true};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool closing_ = false;  // Guarded by mutex_.
  std::mutex close_mutex_;
  std::thread thread_;
};

}  // namespace armature::storage
