// Opens the storage engine the options name.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/expected.h"
#include "cmd/serve_options.h"
#include "storage/engine_statistics.h"
#include "storage/storage.h"

namespace armature::cmd {

struct Engine {
  std::unique_ptr<storage::Storage> storage;
  const storage::EngineStatistics* statistics = nullptr;  // Of `storage`, where it has any.
  std::function<void()>
      close;  // Completes what the engine accepted; empty where nothing can be left. Event loops must still run.
  std::string description;  // "armature-data, durable", for the start-up lines.
};

// The error is for the operator: what is wrong and what to do.
Expected<Engine, std::string> open_engine(const ServeOptions& options);

}  // namespace armature::cmd
