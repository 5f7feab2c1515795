// Secret: a string that does not print, is not compared by accident, and is wiped when it dies.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace armature {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      value_ = other.value_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      value_ = std::move(other.value_);
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  // The one way out; name it where it is used, never in a log line.
  std::string_view reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  void wipe() {
    volatile char* data = value_.data();
    for (std::size_t i = 0; i < value_.size(); ++i) data[i] = 0;
    value_.clear();
  }
  std::string value_;
};

}  // namespace armature
