// The operating system's files as the engine wants them: table files that can be read without waiting for the disk
// (page_cache_reads.h), logs that are there before they are written (log_file.h) and are read to their end
// (log_tail.h).
#pragma once

#include <rocksdb/env.h>

#include <memory>

namespace armature::storage {

class LogFiles;

// `logs` makes the log files and outlives the environment; with nullptr they grow as they are written. Thread-safe.
std::unique_ptr<rocksdb::Env> make_environment(LogFiles* logs);

}  // namespace armature::storage
