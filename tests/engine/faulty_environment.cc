#include "engine/faulty_environment.h"

namespace armature::storage {

class FaultyFileSystem::File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::unique_ptr<rocksdb::FSWritableFile>&& file, FaultyFileSystem& system, bool is_log)
      : FSWritableFileOwnerWrapper(std::move(file)), system_(system), is_log_(is_log) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
    switch (system_.fault()) {
      case Fault::kLogAppend:
        if (!is_log_) break;
        // Half a record reaches the disk.
        static_cast<void>(
            FSWritableFileOwnerWrapper::Append(rocksdb::Slice(data.data(), data.size() / 2), options, context));
        return rocksdb::IOStatus::IOError("injected: append");
      case Fault::kNoSpaceForLog:
        if (is_log_) return rocksdb::IOStatus::NoSpace("injected: disk full");
        break;
      case Fault::kNoSpace: return rocksdb::IOStatus::NoSpace("injected: disk full");
      case Fault::kNone:
      case Fault::kLogSync: break;
    }
    return FSWritableFileOwnerWrapper::Append(data, options, context);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext* context) override {
    return Append(data, options, context);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    if (is_log_) {
      system_.pass_gate();
      ++system_.log_syncs_;
      if (system_.fault() == Fault::kLogSync) return rocksdb::IOStatus::IOError("injected: sync");
    }
    return FSWritableFileOwnerWrapper::Sync(options, context);
  }

 private:
  FaultyFileSystem& system_;
  const bool is_log_;
};

rocksdb::IOStatus FaultyFileSystem::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                                    rocksdb::IODebugContext* context) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(name, options, &file, context);
  if (status.ok()) *result = std::make_unique<File>(std::move(file), *this, name.ends_with(".log"));
  return status;
}

void FaultyFileSystem::close_gate() {
  const std::lock_guard lock(mutex_);
  gate_closed_ = true;
}

void FaultyFileSystem::open_gate() {
  const std::lock_guard lock(mutex_);
  gate_closed_ = false;
  changed_.notify_all();
}

void FaultyFileSystem::wait_for_a_sync() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_ > 0; });
}

void FaultyFileSystem::pass_gate() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !gate_closed_; });
  --waiting_;
}

}  // namespace armature::storage
