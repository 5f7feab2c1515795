// An engine that keeps everything in memory and forgets it at the end: for tests and `--memory`. It answers without
// suspending; `Durability` means nothing to it. The model the other engines are compared with.
#pragma once

#include <memory>

#include "storage/storage.h"

namespace armature::storage {

std::unique_ptr<Storage> make_memory_storage();

}  // namespace armature::storage
