// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace imdsd::base {

/// A secret access key, session token, metadata token or key. Move-only; wiped when destroyed,
/// moved from or assigned over. It has no formatter and no JSON conversion on purpose: reveal() is
/// the only way out, and easy to find in a review.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value);
  explicit Secret(std::string_view value) : Secret(std::string(value)) {}
  explicit Secret(const char* value) : Secret(std::string(value)) {}
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
  /// A second owner of the same text; named, so that copies are visible.
  [[nodiscard]] Secret clone() const { return Secret(value_); }

 private:
  void wipe() noexcept;
  std::string value_;
};

/// Prints `[redacted]`.
std::ostream& operator<<(std::ostream& out, const Secret&);

/// True when both are equal, in time that depends on their lengths alone. For MACs, tokens, keys.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b) noexcept;

}  // namespace imdsd::base
