// SPDX-License-Identifier: MIT
// Expected failures are values. A function that can fail returns Result<T>; the compiler refuses to
// let it be ignored. Errc says what the caller can do about it; AWS error codes and HTTP statuses
// are tables of the services, not of this header.
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace imdsd::base {

enum class Errc {
  invalid_argument,  // the input is wrong; the same input will fail again
  not_found,         // the named thing does not exist
  access_denied,     // the decision was no
  expired,           // was valid once
  too_large,         // over a documented limit
  unavailable,       // may work later: peer, disk, descriptors
  corrupt,           // stored or sealed data does not open
  internal,          // our own bug, found in time to report it
};

/// `message`: lower case, no full stop, user text in back-ticks, no secrets, context joined by ":
/// ".
struct Error {
  Errc code = Errc::internal;
  std::string message;
  friend bool operator==(const Error&, const Error&) = default;
};

/// tl::expected is not [[nodiscard]]; this is. Use IMDSD_TRY, not the monadic members.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  using Base = tl::expected<T, Error>;

 public:
  using Base::Base;
  Result(Base&& b) : Base(std::move(b)) {}  // NOLINT(google-explicit-constructor): wraps its base
};

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

/// The same error with `context: ` in front of its message.
[[nodiscard]] inline tl::unexpected<Error> fail_in(const std::string& context, Error error) {
  error.message = context + ": " + error.message;
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace imdsd::base

#define IMDSD_CONCAT_INNER(a, b) a##b
#define IMDSD_CONCAT(a, b) IMDSD_CONCAT_INNER(a, b)
#define IMDSD_TRY_IMPL(tmp, decl, expr)                      \
  auto tmp = (expr);                                         \
  if (!tmp) return ::tl::unexpected(std::move(tmp).error()); \
  decl = *std::move(tmp)

/// IMDSD_TRY(auto x, f()): x is f()'s value, or the enclosing function returns f()'s error.
#define IMDSD_TRY(decl, expr) IMDSD_TRY_IMPL(IMDSD_CONCAT(imdsd_try_, __COUNTER__), decl, expr)
/// The same for Result<void>.
#define IMDSD_TRY_VOID(expr)                                      \
  do {                                                            \
    if (auto imdsd_try_void = (expr); !imdsd_try_void)            \
      return ::tl::unexpected(std::move(imdsd_try_void).error()); \
  } while (false)
