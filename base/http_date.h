// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace imdsd::base {

/// The text of an HTTP date where its reader is, and not on the heap.
class HttpDate {
 public:
  HttpDate() = default;  // empty
  /// See format_http_date().
  explicit HttpDate(SystemTime time) noexcept;
  [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 38> text_{};  // with a year of any length
  unsigned char size_ = 0;
};

/// IMF-fixdate (RFC 9110 section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT", rounded down to the
/// second.
[[nodiscard]] std::string format_http_date(SystemTime time);
/// That form alone: of the two others that RFC 9110 knows, no sender has been seen in this century.
[[nodiscard]] Result<SystemTime> parse_http_date(std::string_view text);

}  // namespace imdsd::base
