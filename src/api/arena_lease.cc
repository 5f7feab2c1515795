#include "api/arena_lease.h"

#include <utility>
#include <vector>

namespace armature::api {
namespace {

// As many as are worth keeping: requests in flight on one loop rarely exceed it.
constexpr std::size_t kKept = 64;

std::vector<std::unique_ptr<Arena>>& free_arenas() {
  thread_local std::vector<std::unique_ptr<Arena>> arenas;
  return arenas;
}

}  // namespace

ArenaLease::ArenaLease() {
  auto& free = free_arenas();
  if (free.empty()) {
    arena_ = std::make_unique<Arena>();
    return;
  }
  arena_ = std::move(free.back());
  free.pop_back();
}

ArenaLease::~ArenaLease() {
  auto& free = free_arenas();
  if (free.size() >= kKept) return;
  arena_->reset();
  free.push_back(std::move(arena_));
}

}  // namespace armature::api
