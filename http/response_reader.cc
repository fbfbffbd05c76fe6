// SPDX-License-Identifier: MIT
#include "http/response_reader.h"

#include <charconv>
#include <utility>

#include "base/codec.h"
#include "http/head_scanner.h"

namespace imdsd::http {
namespace {

using base::Errc;
using base::fail;
using base::Result;

constexpr std::size_t kMaxHeadBytes = 64 * 1024;

Result<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || last != end) return fail(Errc::corrupt, "bad number in the response");
  return number;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<bool> ResponseReader::feed(std::string_view bytes, bool end) {
  pending_.append(bytes);
  while (!has_head_) {
    IMDSD_TRY(const bool whole, head());
    if (!whole) {
      if (end) return fail(Errc::unavailable, "the server closed without an answer");
      return false;
    }
  }
  return body(end);
}

/// True when a head, interim or not, was taken from pending_.
Result<bool> ResponseReader::head() {
  const std::size_t end = pending_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (pending_.size() > kMaxHeadBytes) return fail(Errc::too_large, "the response's head");
    return false;
  }
  response_ = {};
  IMDSD_TRY_VOID(parse_head(std::string_view(pending_).substr(0, end)));
  pending_.erase(0, end + 4);
  if (response_.status >= 200) {
    has_head_ = true;
    IMDSD_TRY_VOID(decide_body());
  }
  return true;
}

Result<void> ResponseReader::parse_head(std::string_view text) {
  const std::size_t line_end = text.find("\r\n");
  const std::string_view status_line = text.substr(0, line_end);
  if (!status_line.starts_with("HTTP/1.") || status_line.size() < 12 || status_line[8] != ' ') {
    return fail(Errc::corrupt, "the server does not speak HTTP/1");
  }
  IMDSD_TRY(const std::uint64_t status, parse_number(status_line.substr(9, 3)));
  if (status < 100) return fail(Errc::corrupt, "bad status in the response");
  response_.status = static_cast<int>(status);
  text.remove_prefix(line_end == std::string_view::npos ? text.size() : line_end + 2);
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    IMDSD_TRY_VOID(parse_header(text.substr(0, end)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
  return {};
}

Result<void> ResponseReader::parse_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) ||
      !is_field_value(line.substr(colon + 1))) {
    return fail(Errc::corrupt, "bad header in the response");
  }
  response_.headers.add(std::string(line.substr(0, colon)),
                        std::string(trim(line.substr(colon + 1))));
  return {};
}

/// RFC 9112 section 6.3.
Result<void> ResponseReader::decide_body() {
  if (head_request_ || response_.status == 204 || response_.status == 304) return {};
  if (const auto coding = response_.headers.get("Transfer-Encoding")) {
    if (!base::equals_ignoring_case(*coding, "chunked")) {
      return fail(Errc::corrupt, "unknown transfer coding in the response");
    }
    decoder_ = BodyDecoder::chunked();
    return {};
  }
  if (const auto length = response_.headers.get("Content-Length")) {
    IMDSD_TRY(const std::uint64_t bytes, parse_number(*length));
    if (bytes > max_body_bytes_) return fail(Errc::too_large, "the response's body");
    decoder_ = BodyDecoder::counted(bytes);
    return {};
  }
  until_close_ = true;
  return {};
}

Result<bool> ResponseReader::body(bool end) {
  if (until_close_) {
    response_.body.append(std::exchange(pending_, {}));
  } else {
    std::size_t consumed = 0;
    while (!decoder_.done() && consumed < pending_.size()) {
      auto piece = decoder_.next(std::string_view(pending_).substr(consumed));
      if (!piece) return fail(Errc::corrupt, std::move(piece).error().message);
      consumed += piece->consumed;
      response_.body.append(piece->data);
    }
    pending_.erase(0, consumed);
  }
  if (response_.body.size() > max_body_bytes_) return fail(Errc::too_large, "the response's body");
  if (until_close_ ? end : decoder_.done()) return true;
  if (end) return fail(Errc::unavailable, "the server closed in the middle of its answer");
  return false;
}

}  // namespace imdsd::http
