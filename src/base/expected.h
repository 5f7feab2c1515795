// Expected<T, E>: a value or the reason there is none. Expected failures travel by value
// (a failed condition is daily business); bugs are assertions.
//
// The value is held in place, the error on the heap: every call of a hot path has room for one in its frame, and few
// are ever made. It is allocated once, however many functions pass it on. What makes, passes on or frees one is cold
// code, which the compiler keeps away from the hot. Moving an Expected moves what it holds. Not thread-safe.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/assert.h"

namespace armature {

namespace expected_detail {

// An E on the heap, or nothing. A copy has an E of its own.
template <class E>
class Box {
 public:
  Box() = default;
  explicit Box(E value) : value_(make(std::move(value))) {}
  Box(const Box& other) : value_(other.empty() ? nullptr : make(*other)) {}
  Box& operator=(const Box& other) {
    if (this != &other) *this = Box(other);
    return *this;
  }
  Box(Box&&) noexcept = default;
  Box& operator=(Box&&) noexcept = default;
  ~Box() = default;

  bool empty() const { return value_ == nullptr; }
  // Not empty.
  E& operator*() { return *value_; }
  const E& operator*() const { return *value_; }

 private:
  struct Delete {
    [[gnu::cold, gnu::noinline]] void operator()(E* value) const { delete value; }
  };
  using Owner = std::unique_ptr<E, Delete>;

  [[gnu::cold, gnu::noinline]] static Owner make(E value) { return Owner(new E(std::move(value))); }

  Owner value_;
};

}  // namespace expected_detail

// Wraps an error so that `return Unexpected(error);` converts to any Expected<T, E>.
template <class E>
class Unexpected {
 public:
  [[gnu::cold]] explicit Unexpected(E error) : error_(std::move(error)) {}
  explicit Unexpected(expected_detail::Box<E> error) : error_(std::move(error)) {}
  const E& error() const& { return *error_; }
  E&& take() && { return std::move(*error_); }

  template <class G>
  expected_detail::Box<G> take_box() && {
    if constexpr (std::is_same_v<G, E>) {
      return std::move(error_);
    } else {
      return expected_detail::Box<G>(G(std::move(*error_)));
    }
  }

 private:
  expected_detail::Box<E> error_;
};

template <class T, class E>
class [[nodiscard]] Expected {
 public:
  using value_type = T;
  using error_type = E;

  Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
  template <class G>
  [[gnu::cold]] Expected(Unexpected<G> unexpected)  // NOLINT: implicit by design
      : state_(std::in_place_index<1>, std::move(unexpected).template take_box<E>()) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Asking for the half that is absent is a bug of the caller.
  T& value() & {
    ARMATURE_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    ARMATURE_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    ARMATURE_ASSERT(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  E& error() & {
    ARMATURE_ASSERT(!has_value());
    return **std::get_if<1>(&state_);
  }
  const E& error() const& {
    ARMATURE_ASSERT(!has_value());
    return **std::get_if<1>(&state_);
  }
  E&& error() && {
    ARMATURE_ASSERT(!has_value());
    return std::move(**std::get_if<1>(&state_));
  }
  // To pass the error on as it is. Leaves this without one.
  Unexpected<E> unexpected() && {
    ARMATURE_ASSERT(!has_value());
    return Unexpected<E>(std::move(*std::get_if<1>(&state_)));
  }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, expected_detail::Box<E>> state_;
};

template <class E>
class [[nodiscard]] Expected<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Expected() = default;
  template <class G>
  [[gnu::cold]] Expected(Unexpected<G> unexpected)  // NOLINT: implicit by design
      : error_(std::move(unexpected).template take_box<E>()) {}

  bool has_value() const { return error_.empty(); }
  explicit operator bool() const { return has_value(); }
  void value() const { ARMATURE_ASSERT(has_value()); }
  E& error() & {
    ARMATURE_ASSERT(!has_value());
    return *error_;
  }
  const E& error() const& {
    ARMATURE_ASSERT(!has_value());
    return *error_;
  }
  E&& error() && {
    ARMATURE_ASSERT(!has_value());
    return std::move(*error_);
  }
  // To pass the error on as it is. Leaves this a success.
  Unexpected<E> unexpected() && {
    ARMATURE_ASSERT(!has_value());
    return Unexpected<E>(std::move(error_));
  }

 private:
  expected_detail::Box<E> error_;
};

}  // namespace armature

// TRY(expr): returns the error of `expr` from the enclosing function, if it has one.
// TRY_ASSIGN(T x, expr): the same, and binds the value otherwise.
// CO_TRY and CO_TRY_ASSIGN are the same inside a coroutine.
#define ARMATURE_CONCAT_(a, b) a##b
#define ARMATURE_CONCAT(a, b) ARMATURE_CONCAT_(a, b)
#define ARMATURE_TRY_(ret, var, expr)  \
  do {                                 \
    auto var = (expr);                 \
    if (!var) [[unlikely]]             \
      ret std::move(var).unexpected(); \
  } while (false)
#define ARMATURE_TRY_ASSIGN_(ret, var, decl, expr) \
  auto var = (expr);                               \
  if (!var) [[unlikely]]                           \
    ret std::move(var).unexpected();               \
  decl = std::move(var).value()

#define TRY(expr) ARMATURE_TRY_(return, ARMATURE_CONCAT(try_, __LINE__), expr)
#define TRY_ASSIGN(decl, expr) ARMATURE_TRY_ASSIGN_(return, ARMATURE_CONCAT(try_, __LINE__), decl, expr)
#define CO_TRY(expr) ARMATURE_TRY_(co_return, ARMATURE_CONCAT(try_, __LINE__), expr)
#define CO_TRY_ASSIGN(decl, expr) ARMATURE_TRY_ASSIGN_(co_return, ARMATURE_CONCAT(try_, __LINE__), decl, expr)
