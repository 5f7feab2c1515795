#include "base/task.h"

#include <array>
#include <cstdlib>
#include <new>

#include "base/sanitizer.h"

namespace armature {
namespace {

// Frames are rounded up to a multiple of 64 bytes and kept, per thread and size, on a free list.
// A frame freed on another thread joins that thread's list; lists are short, so none hoards.
constexpr std::size_t kClassBytes = 64;
constexpr std::size_t kClasses = 64;  // Frames over 4 KiB go to malloc.
constexpr std::size_t kMostPerClass = 64;

struct FreeFrame {
  FreeFrame* next;
};

struct FrameCache {
  std::array<FreeFrame*, kClasses + 1> first{};
  std::array<std::size_t, kClasses + 1> count{};
  bool alive = true;

  ~FrameCache() {
    alive = false;
    for (FreeFrame* frame : first) {
      while (frame != nullptr) {
        FreeFrame* next = frame->next;
        std::free(frame);
        frame = next;
      }
    }
  }
};

thread_local FrameCache cache;

std::size_t size_class(std::size_t bytes) { return (bytes + kClassBytes - 1) / kClassBytes; }

}  // namespace

void* allocate_frame(std::size_t bytes) {
  const std::size_t index = size_class(bytes);
#if !ARMATURE_ADDRESS_SANITIZER
  if (index <= kClasses && cache.first[index] != nullptr) {
    FreeFrame* frame = cache.first[index];
    cache.first[index] = frame->next;
    --cache.count[index];
    return frame;
  }
#endif
  void* frame = std::malloc(index * kClassBytes);
  if (frame == nullptr) throw std::bad_alloc();
  return frame;
}

void free_frame(void* frame, std::size_t bytes) noexcept {
  [[maybe_unused]] const std::size_t index = size_class(bytes);
#if !ARMATURE_ADDRESS_SANITIZER
  if (index <= kClasses && cache.alive && cache.count[index] < kMostPerClass) {
    auto* entry = static_cast<FreeFrame*>(frame);
    entry->next = cache.first[index];
    cache.first[index] = entry;
    ++cache.count[index];
    return;
  }
#endif
  std::free(frame);
}

}  // namespace armature
