// SPDX-License-Identifier: MIT
#include "http/head_scanner.h"

#include <array>
#include <charconv>

#include "base/codec.h"

namespace imdsd::http {
namespace {

using base::equals_ignoring_case;
using base::trim;
using State = HeadScan::State;

constexpr std::size_t kMaxMethodBytes = 32;
constexpr std::size_t kMaxLengthDigits = 18;  // fits 64 bits
constexpr std::string_view kVersionPrefix = "HTTP/1.";

enum CharClass : unsigned char { kToken = 1, kField = 2, kTarget = 4, kHost = 8 };

constexpr std::array<unsigned char, 256> make_classes() {
  std::array<unsigned char, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool control = c < 0x20 || c == 0x7f;
    if (!control || c == '\t') table[c] |= kField;
    if (!control && c != ' ') table[c] |= kTarget;
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (alnum) table[c] |= kToken | kHost;
  }
  for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
    table[static_cast<unsigned char>(c)] |= kToken;
  for (const char c : std::string_view("-._~%!$&'()*+,;=:[]")) {
    table[static_cast<unsigned char>(c)] |= kHost;
  }
  return table;
}

constexpr auto kClasses = make_classes();

bool all_of_class(std::string_view text, CharClass wanted) noexcept {
  for (const char c : text) {
    if ((kClasses[static_cast<unsigned char>(c)] & wanted) == 0) return false;
  }
  return true;
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// True when the comma-separated list `value` holds `token`.
bool list_has(std::string_view value, std::string_view token) noexcept {
  while (true) {
    const std::size_t comma = value.find(',');
    if (equals_ignoring_case(trim(value.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
}

/// One scan: collects what the header lines say about framing, and why the head is refused, if it
/// is.
class Scanner {
 public:
  explicit Scanner(const HeadLimits& limits) : limits_(limits) {}

  HeadScan scan(std::string_view bytes);

 private:
  [[nodiscard]] bool refuse(int status, std::string_view reason) {
    result_.state = State::refused;
    result_.status = status;
    result_.reason = reason;
    return false;
  }
  [[nodiscard]] bool bad(std::string_view reason) { return refuse(400, reason); }
  void check_partial_line(std::string_view line, bool first);
  bool request_line(std::string_view line);
  bool header_line(std::string_view line);
  bool framing_header(std::string_view name, std::string_view value);
  bool content_length(std::string_view value);
  bool finish();

  const HeadLimits& limits_;
  HeadScan result_;
  unsigned hosts_ = 0, transfer_encodings_ = 0;
  bool close_ = false, keep_ = false;
};

HeadScan Scanner::scan(std::string_view bytes) {
  // RFC 9112 section 2.2: one empty line before the request line is ignored.
  std::size_t pos = bytes.starts_with("\r\n") ? 2 : 0;
  result_.head.headers.reserve(12);
  for (bool first = true;; first = false) {
    const std::size_t lf = bytes.find('\n', pos);
    if (lf == std::string_view::npos) {
      check_partial_line(bytes.substr(pos), first);
      if (result_.state != State::refused && bytes.size() >= limits_.max_head_bytes) {
        (void)refuse(431, "the request's head is too large");
      }
      return std::move(result_);
    }
    if (lf + 1 > limits_.max_head_bytes) {
      (void)refuse(431, "the request's head is too large");
      return std::move(result_);
    }
    if (lf == pos || bytes[lf - 1] != '\r') {
      (void)bad("line feed without carriage return");
      return std::move(result_);
    }
    const std::string_view line = bytes.substr(pos, lf - 1 - pos);
    pos = lf + 1;
    if (line.empty() && !first) {
      result_.head.size = pos;
      if (finish()) result_.state = State::complete;
      return std::move(result_);
    }
    if (!(first ? request_line(line) : header_line(line))) return std::move(result_);
  }
}

/// Refuses early what no further byte can mend.
void Scanner::check_partial_line(std::string_view line, bool first) {
  const std::size_t slack = first ? kMaxMethodBytes + kVersionPrefix.size() + 5 : 1;
  if (line.size() > limits_.max_line_bytes + slack) {
    (void)(first ? refuse(414, "the request target is too long")
                 : refuse(431, "a header line is too long"));
    return;
  }
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (!all_of_class(line, kField)) (void)bad("control character in the head");
}

bool Scanner::request_line(std::string_view line) {
  if (!all_of_class(line, kField)) return bad("control character in the request line");
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end == method_end) {
    if (line.size() > limits_.max_line_bytes + kMaxMethodBytes) {
      return refuse(414, "the request target is too long");
    }
    return bad("malformed request line");
  }
  RequestHead& head = result_.head;
  head.method = line.substr(0, method_end);
  head.target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::string_view version = line.substr(target_end + 1);
  if (head.target.size() > limits_.max_line_bytes) {
    return refuse(414, "the request target is too long");
  }
  if (head.method.size() > kMaxMethodBytes || !is_token(head.method)) return bad("bad method");
  if (head.target.empty() || !all_of_class(head.target, kTarget)) return bad("bad request target");
  if (version.size() != kVersionPrefix.size() + 1 || !version.starts_with(kVersionPrefix) ||
      (version.back() != '0' && version.back() != '1')) {
    return bad("unsupported protocol version");
  }
  head.minor_version = version.back() - '0';
  return true;
}

bool Scanner::header_line(std::string_view line) {
  if (line.size() > limits_.max_line_bytes) return refuse(431, "a header line is too long");
  if (result_.head.headers.size() >= limits_.max_headers) return refuse(431, "too many headers");
  // RFC 9112 section 5.2: a folded line (obs-fold) starts with white space.
  if (line.front() == ' ' || line.front() == '\t') return bad("folded header line");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bad("header line without colon");
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (!is_token(name)) return bad("bad header name");
  if (!is_field_value(value)) return bad("control character in a header value");
  result_.head.headers.push_back({name, value});
  return framing_header(name, value);
}

/// The few headers that decide where the message ends or whom it is for.
bool Scanner::framing_header(std::string_view name, std::string_view value) {
  switch (lower(name.front())) {
    case 'h':
      if (!equals_ignoring_case(name, "host")) return true;
      if (++hosts_ > 1) return bad("two Host headers");
      return all_of_class(value, kHost) || bad("bad Host header");
    case 'c':
      if (equals_ignoring_case(name, "content-length")) return content_length(value);
      if (equals_ignoring_case(name, "connection")) {
        close_ = close_ || list_has(value, "close");
        keep_ = keep_ || list_has(value, "keep-alive");
      }
      return true;
    case 't':
      if (!equals_ignoring_case(name, "transfer-encoding")) return true;
      if (++transfer_encodings_ > 1 || !equals_ignoring_case(value, "chunked")) {
        return bad("unsupported Transfer-Encoding");
      }
      result_.head.chunked = true;
      return true;
    case 'e':
      if (!equals_ignoring_case(name, "expect")) return true;
      if (!equals_ignoring_case(value, "100-continue")) return refuse(417, "unknown expectation");
      result_.head.expect_continue = true;
      return true;
    default:
      return true;
  }
}

bool Scanner::content_length(std::string_view value) {
  if (result_.head.content_length) return bad("two Content-Length headers");
  std::uint64_t length = 0;
  const char* const end = value.data() + value.size();
  const auto [last, error] = std::from_chars(value.data(), end, length);
  if (value.empty() || value.size() > kMaxLengthDigits || error != std::errc{} || last != end) {
    return bad("bad Content-Length");
  }
  result_.head.content_length = length;
  return true;
}

bool Scanner::finish() {
  RequestHead& head = result_.head;
  if (hosts_ == 0) return bad("no Host header");
  if (head.chunked && head.content_length) return bad("Content-Length with Transfer-Encoding");
  if (head.chunked && head.minor_version == 0) return bad("Transfer-Encoding in HTTP/1.0");
  head.keep_alive = !close_ && (head.minor_version == 1 || keep_);
  // RFC 9110 section 10.1.1: an HTTP/1.0 client cannot mean it.
  head.expect_continue = head.expect_continue && head.minor_version == 1;
  return true;
}

}  // namespace

HeadScan scan_head(std::string_view bytes, const HeadLimits& limits) {
  return Scanner(limits).scan(bytes);
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && all_of_class(text, kToken);
}

bool is_field_value(std::string_view text) noexcept {
  return all_of_class(text, kField);
}

}  // namespace imdsd::http
