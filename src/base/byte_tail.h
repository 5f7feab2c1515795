// ByteTail: appends to the end of a byte string through a bare pointer. Writing an item makes a hundred small appends,
// and std::string's own are a function call each.
#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/bytes.h"

namespace armature {

// While one lives, the string's size is a promise, not the truth; it is put right when the tail dies.
class ByteTail {
 public:
  // `expected` bytes are made ready at once; more is found as needed.
  ByteTail(Bytes* out, std::size_t expected) : out_(out), begin_(out->size()), cursor_(nullptr), end_(nullptr) {
    resize(begin_, expected);
  }
  ~ByteTail() { out_->resize(position()); }
  ByteTail(const ByteTail&) = delete;
  ByteTail& operator=(const ByteTail&) = delete;

  // Room for `count` bytes at cursor().
  void ensure(std::size_t count) {
    if (static_cast<std::size_t>(end_ - cursor_) < count) grow(count);
  }
  char* cursor() { return cursor_; }
  void advance_to(char* cursor) { cursor_ = cursor; }

  void byte(char c) {
    ensure(1);
    *cursor_++ = c;
  }
  void append(std::string_view text) {
    ensure(text.size());
    if (!text.empty()) std::memcpy(cursor_, text.data(), text.size());
    cursor_ += text.size();
  }
  template <std::size_t N>
  void literal(const char (&text)[N]) {
    ensure(N - 1);
    std::memcpy(cursor_, text, N - 1);
    cursor_ += N - 1;
  }

 private:
  std::size_t position() const { return static_cast<std::size_t>(cursor_ - out_->data()); }

  void resize(std::size_t position, std::size_t room) {
    out_->resize(position + room);
    cursor_ = out_->data() + position;
    end_ = out_->data() + out_->size();
  }
  // Doubles what this tail has written, so that many small appends stay linear; a string that already holds a megabyte
  // is not doubled for one more item.
  void grow(std::size_t count) {
    const std::size_t written = position() - begin_;
    resize(position(), std::max(count, written + 256));
  }

  Bytes* const out_;
  const std::size_t begin_;
  char* cursor_;
  char* end_;
};

}  // namespace armature
