// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/http_message.h"
#include "base/result.h"
#include "http/body_decoder.h"

namespace imdsd::http {

/// An HTTP/1 response, from bytes as they arrive. Interim (1xx) responses are skipped. Pure.
class ResponseReader {
 public:
  ResponseReader(bool head_request, std::size_t max_body_bytes)
      : head_request_(head_request), max_body_bytes_(max_body_bytes) {}

  /// Takes the next bytes, `end` when none follow; true when the response is whole.
  /// Errc::unavailable when it ends too early, ::corrupt when it is no HTTP, ::too_large beyond
  /// `max_body_bytes`.
  [[nodiscard]] base::Result<bool> feed(std::string_view bytes, bool end);
  [[nodiscard]] base::HttpResponse take() { return std::move(response_); }

 private:
  [[nodiscard]] base::Result<bool> head();
  [[nodiscard]] base::Result<void> parse_head(std::string_view text);
  [[nodiscard]] base::Result<void> parse_header(std::string_view line);
  [[nodiscard]] base::Result<void> decide_body();
  [[nodiscard]] base::Result<bool> body(bool end);

  const bool head_request_;
  const std::size_t max_body_bytes_;
  std::string pending_;
  bool has_head_ = false;
  bool until_close_ = false;
  BodyDecoder decoder_ = BodyDecoder::counted(0);
  base::HttpResponse response_;
};

}  // namespace imdsd::http
