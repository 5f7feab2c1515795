// An arena for the time of one request. Each event loop keeps a few for the next ones.
#pragma once

#include <memory>

#include "base/arena.h"

namespace armature::api {

class ArenaLease {
 public:
  ArenaLease();
  ~ArenaLease();
  ArenaLease(const ArenaLease&) = delete;
  ArenaLease& operator=(const ArenaLease&) = delete;

  Arena* get() const { return arena_.get(); }

 private:
  std::unique_ptr<Arena> arena_;
};

}  // namespace armature::api
