#include "storage/rocksdb/committer.h"

#include <pthread.h>
#include <rocksdb/perf_level.h>
#include <sched.h>

#include <algorithm>
#include <array>

#include "base/log.h"
#include "storage/rocksdb/layout.h"
#include "storage/rocksdb/status.h"

namespace armature::storage {
namespace {

// A group ends here, so that one huge batch does not delay everybody and the buffer stays small.
constexpr std::size_t kGroupBytes = std::size_t{4} << 20;
constexpr std::size_t kGroupCommits = 4096;
// A batch buffer that grew beyond this is given back.
constexpr std::size_t kKeptBufferBytes = std::size_t{16} << 20;
// Executors we keep a list for. A server has a handful; tests make many.
constexpr std::size_t kKeptWakeLists = 64;

std::size_t size_of(const QueuedCommit& commit) {
  if (commit.batch == nullptr) return 0;
  std::size_t bytes = 0;
  for (const Write& write : commit.batch->writes) bytes += write.key.size() + write.value.size();
  for (const Write& write : commit.batch->follow_ups) bytes += write.key.size() + write.value.size();
  return bytes;
}

// The committer wakes up several times for every group. Where all cores are busy it would take one from an event loop
// each time, to write what that loop has just begun to queue; as a batch thread it waits until a core is free or its
// turn has come, and finds larger groups. Nothing changes where cores are free.
void let_event_loops_finish() {
  const sched_param priority{};
  static_cast<void>(::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &priority));  // Else it works as well.
}

}  // namespace

Committer::Committer(Database& database, VersionTable& versions, EntryCache& cache, KeySpaceTotals& totals,
                     std::atomic<Version>& next_version, DiskSpace disk_space, Stamp last_stamp)
    : database_(database),
      versions_(versions),
      cache_(cache),
      totals_(totals),
      next_version_(next_version),
      recovery_(database),
      visible_stamp_(last_stamp),
      disk_space_(std::move(disk_space)) {
  stamps_.go_on_from(last_stamp);
  thread_ = std::thread([this] { run(); });
}

Committer::~Committer() { close(); }

void Committer::close() {
  const std::lock_guard lock(close_mutex_);
  queue_.close();
  if (thread_.joinable()) thread_.join();
  recovery_.close();
}

void Committer::run() {
  ::pthread_setname_np(::pthread_self(), "committer");
  let_event_loops_finish();
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);  // Nobody reads this thread's counts of every key comparison.
  while (QueuedCommit* oldest = queue_.wait()) {
    queue_behind(oldest);
    while (!backlog_.empty()) {
      const Group group = next_group();
      const rocksdb::Status status = write(group);
      if (status.ok()) {
        complete(group);
        queue_behind(queue_.take());
      } else {
        fail_backlog(status);
      }
    }
  }
}

void Committer::queue_behind(QueuedCommit* oldest) {
  for (; oldest != nullptr; oldest = oldest->next) backlog_.push_back(oldest);
}

Committer::Group Committer::next_group() const {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < backlog_.size() && count < kGroupCommits && bytes < kGroupBytes) bytes += size_of(*backlog_[count++]);
  return Group(backlog_).first(count);
}

rocksdb::Status Committer::write(Group group) {
  if (const rocksdb::Status status = may_write(group); !status.ok()) return status;
  batch_.Clear();
  bool durable = false;
  const Stamp last_stamp = stamps_.last();
  for (const QueuedCommit* commit : group) {
    if (const rocksdb::Status status = append(*commit); !status.ok()) return status;
    durable = durable || commit->durable;
  }
  if (stamps_.last() != last_stamp) {
    if (const rocksdb::Status status = append_last_stamp(); !status.ok()) return status;
  }
  if (const rocksdb::Status status = totals_.append_rows(database_, &batch_); !status.ok()) return status;
  // Commits that only read are done as soon as those they build on are.
  if (batch_.Count() == 0) return rocksdb::Status::OK();
  return write_batch(durable);
}

rocksdb::Status Committer::append(const QueuedCommit& commit) {
  if (commit.batch == nullptr) return append(*commit.erasure);
  const Stamp stamp = commit.stamped ? stamps_.next() : 0;
  for (const Write& write : commit.batch->writes) {
    if (const rocksdb::Status status = append(write, stamp); !status.ok()) return status;
  }
  for (const Write& write : commit.batch->follow_ups) {
    if (const rocksdb::Status status = append(write, stamp); !status.ok()) return status;
  }
  for (const StatsDelta& delta : commit.batch->stats) totals_.add(delta);
  return rocksdb::Status::OK();
}

rocksdb::Status Committer::append(const Write& write, Stamp stamp) {
  const std::uint64_t prefix = __builtin_bswap64(write.home.key_space);
  const std::uint64_t big_endian_stamp = __builtin_bswap64(stamp);
  const BytesView written = write.key;
  std::array<rocksdb::Slice, 4> key = {rocksdb::Slice(reinterpret_cast<const char*>(&prefix), sizeof prefix),
                                       as_slice(written)};
  int parts = 2;
  if (write.is_stamped()) {
    key[1] = as_slice(written.substr(0, write.stamp_at));
    key[2] = rocksdb::Slice(reinterpret_cast<const char*>(&big_endian_stamp), kStampBytes);
    key[3] = as_slice(written.substr(write.stamp_at + kStampBytes));
    parts = 4;
  }
  const rocksdb::SliceParts key_parts(key.data(), parts);
  if (write.erase) return batch_.Delete(database_.family(write.space), key_parts);
  const rocksdb::Slice value = as_slice(write.value);
  return batch_.Put(database_.family(write.space), key_parts, rocksdb::SliceParts(&value, 1));
}

rocksdb::Status Committer::append(const Erasure& erasure) {
  for (const Erasure::Range& range : erasure.ranges) {
    const rocksdb::Status status =
        batch_.DeleteRange(database_.family(range.space), as_slice(range.begin), as_slice(range.end));
    if (!status.ok()) return status;
  }
  if (erasure.dropped) totals_.drop(*erasure.dropped);
  return rocksdb::Status::OK();
}

// One row a group, so that stamps go on behind it after a restart, whatever the clock says then.
rocksdb::Status Committer::append_last_stamp() {
  Bytes value;
  append_u64_be(&value, stamps_.last());
  return batch_.Put(database_.meta(), as_slice(kStampKey), as_slice(value));
}

// Dropping a table and trimming a stream are allowed on a full disk: they make space.
rocksdb::Status Committer::may_write(Group group) {
  if (!recovery_.healthy()) return failure_;
  const auto is_erasure = [](const QueuedCommit* commit) { return commit->batch == nullptr; };
  if (disk_space_.is_short(std::chrono::steady_clock::now()) && !std::all_of(group.begin(), group.end(), is_erasure)) {
    return rocksdb::Status::NoSpace("less than " + std::to_string(disk_space_.reserve_bytes()) + " bytes are free");
  }
  return rocksdb::Status::OK();
}

rocksdb::Status Committer::write_batch(bool durable) {
  const auto begin = std::chrono::steady_clock::now();
  rocksdb::WriteOptions options;
  options.sync = durable;
  rocksdb::Status status = database_.move_to_log_made_ahead();
  if (status.ok()) status = database_.mark_memtable();
  if (status.ok()) status = database_.rocksdb().Write(options, &batch_);
  if (!status.ok()) {
    log(LogLevel::kError, "a commit failed; commits are refused until the storage engine has recovered",
        {{"error", std::string_view(status.ToString())}});
    failure_ = status;
    recovery_.start();
  }

  const auto elapsed = std::chrono::steady_clock::now() - begin;
  counters_.groups.fetch_add(1, std::memory_order_relaxed);
  if (durable) counters_.synced_groups.fetch_add(1, std::memory_order_relaxed);
  counters_.written_bytes.fetch_add(batch_.GetDataSize(), std::memory_order_relaxed);
  counters_.write_nanoseconds.fetch_add(
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count()),
      std::memory_order_relaxed);
  if (batch_.GetDataSize() > kKeptBufferBytes) batch_ = rocksdb::WriteBatch();
  return status;
}

void Committer::complete(Group group) {
  totals_.keep();
  visible_stamp_.store(stamps_.last(), std::memory_order_release);
  for (QueuedCommit* commit : group) {
    for (PendingWrite& pending : commit->pending) settle(&pending);
  }
  counters_.commits.fetch_add(group.size(), std::memory_order_relaxed);
  finish(group);
}

// What was just written is likely to be read or changed next.
void Committer::settle(PendingWrite* pending) {
  const Write& write = *pending->write;
  versions_.settle(pending, [&] {
    if (write.space == Space::kItems && !write.erase) cache_.insert(write.home.key_space, write.key, write.value);
  });
}

// Fails the group and everything behind it. A commit that read one of these writes before it is failed here has entered
// the queue by then (it is queued under the stripe's lock) or will find the version moved. So taking again until
// nothing comes leaves nobody who builds on a write that is gone; waiters are woken after that, so this ends.
void Committer::fail_backlog(const rocksdb::Status& status) {
  totals_.forget();
  const StorageError error = storage_error(status, "commit");
  std::size_t failed = 0;
  do {
    for (; failed < backlog_.size(); ++failed) {
      QueuedCommit* commit = backlog_[failed];
      for (PendingWrite& pending : commit->pending) {
        versions_.fail(&pending, next_version_.fetch_add(1, std::memory_order_relaxed));
      }
      commit->error = error;
    }
    queue_behind(queue_.take());
  } while (failed < backlog_.size());

  counters_.failed.fetch_add(backlog_.size(), std::memory_order_relaxed);
  finish(backlog_);
}

// Wakes the waiters of the first commits of the backlog and forgets those: a commit lives in the frame of its waiter
// and may be gone as soon as that is posted.
void Committer::finish(Group group) {
  for (const QueuedCommit* commit : group) {
    Wake* wake = nullptr;
    for (Wake& candidate : wakes_) {
      if (candidate.executor == commit->executor) wake = &candidate;
    }
    if (wake == nullptr) wake = &wakes_.emplace_back(Wake{commit->executor, {}});
    wake->waiters.push_back(commit->waiter);
  }
  backlog_.erase(backlog_.begin(), backlog_.begin() + static_cast<std::ptrdiff_t>(group.size()));
  for (Wake& wake : wakes_) {
    if (!wake.waiters.empty()) wake.executor->post_all(wake.waiters);
    wake.waiters.clear();
  }
  if (wakes_.size() > kKeptWakeLists) wakes_.clear();
}

}  // namespace armature::storage
