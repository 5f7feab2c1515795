#include "cmd/engine.h"

#include <fmt/format.h>

#include "storage/memory/memory_storage.h"
#include "storage/memory/simulated_storage.h"
#include "storage/rocksdb/rocksdb_storage.h"

namespace armature::cmd {

Expected<Engine, std::string> open_engine(const ServeOptions& options) {
  Engine engine;
  if (options.simulate_seed) {
    engine.storage = storage::make_simulated_storage({.seed = *options.simulate_seed});
    engine.description = fmt::format("in memory, as a simulated cluster with seed {}", *options.simulate_seed);
    return engine;
  }
  if (options.memory) {
    engine.storage = storage::make_memory_storage();
    engine.description = "in memory, gone when the server stops";
    return engine;
  }
  auto opened = storage::open_rocksdb({.directory = options.data_directory,
                                       .cache_bytes = static_cast<std::size_t>(options.cache_bytes),
                                       .logs_ahead = options.durability == "durable"});
  if (!opened) return Unexpected(std::move(opened).error().message);
  engine.statistics = opened->get();
  engine.close = [storage = opened->get()] { storage->close(); };
  engine.storage = std::move(opened).value();
  engine.description = options.data_directory + (options.durability == "durable" ? ", durable" : ", buffered");
  return engine;
}

}  // namespace armature::cmd
