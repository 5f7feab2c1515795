// Expected<T, E>: a value or the reason there is none. Expected failures travel by value
// (a failed condition is daily business); bugs are assertions.
//
// Both halves are held by value; moving an Expected moves what it holds. Not thread-safe.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/assert.h"

namespace armature {

// Wraps an error so that `return Unexpected(error);` converts to any Expected<T, E>.
template <class E>
class Unexpected {
 public:
  explicit Unexpected(E error) : error_(std::move(error)) {}
  E&& take() && { return std::move(error_); }
  const E& error() const& { return error_; }

 private:
  E error_;
};

template <class T, class E>
class [[nodiscard]] Expected {
 public:
  using value_type = T;
  using error_type = E;

  Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
  template <class G>
  Expected(Unexpected<G> unexpected)  // NOLINT: implicit by design
      : state_(std::in_place_index<1>, std::move(unexpected).take()) {}

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
    return *std::get_if<1>(&state_);
  }
  const E& error() const& {
    ARMATURE_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }
  E&& error() && {
    ARMATURE_ASSERT(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Expected<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Expected() = default;
  template <class G>
  Expected(Unexpected<G> unexpected) : error_(std::move(unexpected).take()) {}  // NOLINT: implicit by design

  bool has_value() const { return !error_.has_value(); }
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

 private:
  std::optional<E> error_;
};

}  // namespace armature

// TRY(expr): returns the error of `expr` from the enclosing function, if it has one.
// TRY_ASSIGN(T x, expr): the same, and binds the value otherwise.
// CO_TRY and CO_TRY_ASSIGN are the same inside a coroutine.
#define ARMATURE_CONCAT_(a, b) a##b
#define ARMATURE_CONCAT(a, b) ARMATURE_CONCAT_(a, b)
#define ARMATURE_TRY_(ret, var, expr)                             \
  do {                                                            \
    auto var = (expr);                                            \
    if (!var) ret ::armature::Unexpected(std::move(var).error()); \
  } while (false)
#define ARMATURE_TRY_ASSIGN_(ret, var, decl, expr)              \
  auto var = (expr);                                            \
  if (!var) ret ::armature::Unexpected(std::move(var).error()); \
  decl = std::move(var).value()

#define TRY(expr) ARMATURE_TRY_(return, ARMATURE_CONCAT(try_, __LINE__), expr)
#define TRY_ASSIGN(decl, expr) ARMATURE_TRY_ASSIGN_(return, ARMATURE_CONCAT(try_, __LINE__), decl, expr)
#define CO_TRY(expr) ARMATURE_TRY_(co_return, ARMATURE_CONCAT(try_, __LINE__), expr)
#define CO_TRY_ASSIGN(decl, expr) ARMATURE_TRY_ASSIGN_(co_return, ARMATURE_CONCAT(try_, __LINE__), decl, expr)
