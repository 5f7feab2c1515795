#include "storage/rocksdb/committer.h"

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
  std::size_t bytes = 0;
  for (const PendingWrite& pending : commit.pending) bytes += pending.write->key.size() + pending.write->value.size();
  return bytes;
}

}  // namespace

Committer::Committer(Database& database, VersionTable& versions, EntryCache& cache, KeySpaceTotals& totals,
                     std::atomic<Version>& next_version, DiskSpace disk_space)
    : database_(database),
      versions_(versions),
      cache_(cache),
      totals_(totals),
      next_version_(next_version),
      recovery_(database),
      disk_space_(std::move(disk_space)),
      thread_([this] { run(); }) {}

Committer::~Committer() { close(); }

void Committer::close() {
  const std::lock_guard lock(close_mutex_);
  queue_.close();
  if (thread_.joinable()) thread_.join();
  recovery_.close();
}

void Committer::run() {
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
  for (const QueuedCommit* commit : group) {
    if (const rocksdb::Status status = append(*commit); !status.ok()) return status;
    durable = durable || commit->durable;
  }
  if (const rocksdb::Status status = totals_.append_rows(database_, &batch_); !status.ok()) return status;
  // Commits that only read are done as soon as those they build on are.
  if (batch_.Count() == 0) return rocksdb::Status::OK();
  return write_batch(durable);
}

rocksdb::Status Committer::append(const QueuedCommit& commit) {
  if (commit.batch == nullptr) return append_drop(commit.dropped);
  for (const Write& write : commit.batch->writes) {
    if (const rocksdb::Status status = append(write); !status.ok()) return status;
  }
  for (const Write& write : commit.batch->follow_ups) {
    if (const rocksdb::Status status = append(write); !status.ok()) return status;
  }
  for (const StatsDelta& delta : commit.batch->stats) totals_.add(delta);
  return rocksdb::Status::OK();
}

rocksdb::Status Committer::append(const Write& write) {
  const std::uint64_t prefix = __builtin_bswap64(write.home.key_space);
  std::array<rocksdb::Slice, 2> key = {rocksdb::Slice(reinterpret_cast<const char*>(&prefix), sizeof prefix),
                                       as_slice(write.key)};
  const rocksdb::SliceParts key_parts(key.data(), key.size());
  if (write.erase) return batch_.Delete(database_.family(write.space), key_parts);
  const rocksdb::Slice value = as_slice(write.value);
  return batch_.Put(database_.family(write.space), key_parts, rocksdb::SliceParts(&value, 1));
}

rocksdb::Status Committer::append_drop(KeySpaceId key_space) {
  const PhysicalKey begin(key_space, {});
  const PhysicalKey end(key_space + 1, {});
  for (const Space space : kSpaces) {
    const rocksdb::Status status = batch_.DeleteRange(database_.family(space), begin.slice(), end.slice());
    if (!status.ok()) return status;
  }
  totals_.drop(key_space);
  return rocksdb::Status::OK();
}

// Dropping a table is allowed on a full disk: it makes space.
rocksdb::Status Committer::may_write(Group group) {
  if (!recovery_.healthy()) return failure_;
  const auto is_drop = [](const QueuedCommit* commit) { return commit->batch == nullptr; };
  if (disk_space_.is_short(std::chrono::steady_clock::now()) && !std::all_of(group.begin(), group.end(), is_drop)) {
    return rocksdb::Status::NoSpace("less than " + std::to_string(disk_space_.reserve_bytes()) + " bytes are free");
  }
  return rocksdb::Status::OK();
}

rocksdb::Status Committer::write_batch(bool durable) {
  const auto begin = std::chrono::steady_clock::now();
  rocksdb::WriteOptions options;
  options.sync = durable;
  rocksdb::Status status = database_.mark_memtable();
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
