// Bytes that are either held or only pointed at, for structures that mostly pass on what others keep alive.
#pragma once

#include <cstddef>
#include <utility>

#include "base/bytes.h"

namespace armature {

// Owns its bytes unless it was made by borrowed(). A copy owns its bytes always; moving leaves the other one empty.
class BytesOrView {
 public:
  BytesOrView() = default;
  BytesOrView(Bytes owned) : owned_(std::move(owned)) {}  // NOLINT(google-explicit-constructor): a Bytes is one.

  // `bytes` outlive it and whatever it is moved to.
  static BytesOrView borrowed(BytesView bytes) {
    BytesOrView result;
    result.borrowed_ = bytes;
    return result;
  }

  BytesOrView(const BytesOrView& other) : owned_(other.view()) {}
  BytesOrView& operator=(const BytesOrView& other) {
    if (this != &other) *this = BytesOrView(Bytes(other.view()));
    return *this;
  }
  BytesOrView(BytesOrView&& other) noexcept
      : owned_(std::move(other.owned_)), borrowed_(std::exchange(other.borrowed_, {})) {
    other.owned_.clear();
  }
  BytesOrView& operator=(BytesOrView&& other) noexcept {
    owned_ = std::move(other.owned_);
    other.owned_.clear();
    borrowed_ = std::exchange(other.borrowed_, {});
    return *this;
  }
  ~BytesOrView() = default;

  // Valid while this is neither changed nor moved.
  BytesView view() const { return borrowed_.data() != nullptr ? borrowed_ : BytesView(owned_); }
  operator BytesView() const { return view(); }  // NOLINT(google-explicit-constructor): as of Bytes.
  std::size_t size() const { return view().size(); }

 private:
  Bytes owned_;
  BytesView borrowed_;  // With a null pointer: it owns.
};

}  // namespace armature
