#include "base/arena.h"

#include <algorithm>

#include "base/sanitizer.h"

namespace armature {

#if ARMATURE_ADDRESS_SANITIZER

// Every allocation is a block of its own, and cursor_ stays null so that all come here.
void* Arena::allocate_slow(std::size_t bytes, [[maybe_unused]] std::size_t alignment) {
  blocks_.push_back({std::unique_ptr<char[]>(new char[bytes]), bytes});
  return blocks_.back().data.get();
}

void Arena::reset() { blocks_.clear(); }

#else

void* Arena::allocate_slow(std::size_t bytes, std::size_t alignment) {
  const std::size_t wanted = blocks_.empty() ? kFirstBlockBytes : std::min(blocks_.back().size * 2, kLargestBlockBytes);
  const std::size_t size = std::max(wanted, bytes + alignment);
  blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
  cursor_ = blocks_.back().data.get();
  end_ = cursor_ + size;
  return allocate(bytes, alignment);
}

void Arena::reset() {
  if (blocks_.empty()) return;
  blocks_.resize(1);
  cursor_ = blocks_.front().data.get();
  end_ = cursor_ + blocks_.front().size;
}

#endif

}  // namespace armature
