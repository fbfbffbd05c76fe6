// SPDX-License-Identifier: MIT
// Request heads, from bytes. Strict where RFC 9112 leaves a choice: whatever two parsers could read
// in two ways (request smuggling) is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace imdsd::http {

struct HeadLimits {
  std::size_t max_line_bytes = 8192;  // the target, and each header line
  std::size_t max_head_bytes = 16 * 1024;
  std::size_t max_headers = 256;
};

struct HeaderView {
  std::string_view name;
  std::string_view value;  // without surrounding white space
};

/// Views into the scanned bytes.
struct RequestHead {
  std::string_view method;
  std::string_view target;  // raw
  int minor_version = 1;    // HTTP/1.x
  std::vector<HeaderView> headers;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expect_continue = false;
  std::size_t size = 0;  // bytes of the head, the empty line included

  [[nodiscard]] bool has_body() const noexcept { return chunked || content_length.value_or(0) > 0; }
};

struct HeadScan {
  enum class State { incomplete, complete, refused } state = State::incomplete;
  int status = 0;           // refused: 400, 414, 417 or 431
  std::string_view reason;  // refused: why, a constant text
  RequestHead head;         // complete
};

/// The head at the front of `bytes`. Pure; every prefix of an acceptable head is `incomplete`.
[[nodiscard]] HeadScan scan_head(std::string_view bytes, const HeadLimits& limits);

/// RFC 9110 section 5.6.2.
[[nodiscard]] bool is_token(std::string_view text) noexcept;
/// RFC 9110 section 5.5: no control character but HTAB.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

}  // namespace imdsd::http
