// What a client learns of an engine that failed: DynamoDB's sentence. The engine's own text goes to the log.
#pragma once

#include "model/error.h"
#include "storage/storage.h"

namespace armature {

// kConflict is for whoever can decide again and never gets here.
Error storage_failure(const storage::StorageError& error);

}  // namespace armature
