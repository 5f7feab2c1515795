// Arena: memory that lives as long as one request. Allocation is a pointer bump; nothing is freed
// one by one and no destructor runs, so only trivially destructible types may live here.
// Not thread-safe: an arena belongs to one request on one event loop at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace armature {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // `bytes` of memory aligned to `alignment` (a power of two, at most alignof(max_align_t)).
  void* allocate(std::size_t bytes, std::size_t alignment) {
    auto position = (reinterpret_cast<std::uintptr_t>(cursor_) + alignment - 1) & ~(alignment - 1);
    if (position + bytes > reinterpret_cast<std::uintptr_t>(end_)) return allocate_slow(bytes, alignment);
    cursor_ = reinterpret_cast<char*>(position + bytes);
    return reinterpret_cast<void*>(position);
  }

  template <class T>
  T* allocate_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    T* first = static_cast<T*>(allocate(sizeof(T) * count, alignof(T)));
    for (std::size_t i = 0; i < count; ++i) new (first + i) T();
    return first;
  }

  template <class T>
  std::span<T> copy_array(std::span<const T> source) {
    static_assert(std::is_trivially_copyable_v<T>);
    T* first = static_cast<T*>(allocate(sizeof(T) * source.size(), alignof(T)));
    if (!source.empty()) std::memcpy(static_cast<void*>(first), source.data(), source.size_bytes());
    return {first, source.size()};
  }
  template <class T>
  std::span<T> copy_array(const std::vector<T>& source) {
    return copy_array(std::span<const T>(source));
  }

  std::string_view copy(std::string_view text) {
    char* data = static_cast<char*>(allocate(text.size(), 1));
    if (!text.empty()) std::memcpy(data, text.data(), text.size());
    return {data, text.size()};
  }

  template <class T, class... Args>
  T* create(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T{static_cast<Args&&>(args)...};
  }

  // Forgets everything allocated; keeps the first block for the next request.
  void reset();

 private:
  void* allocate_slow(std::size_t bytes, std::size_t alignment);

  static constexpr std::size_t kFirstBlockBytes = 8 * 1024;
  static constexpr std::size_t kLargestBlockBytes = 1024 * 1024;

  struct Block {
    std::unique_ptr<char[]> data;
    std::size_t size;
  };
  std::vector<Block> blocks_;
  char* cursor_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace armature
