// SPDX-License-Identifier: MIT
#include "http/body_decoder.h"

#include <algorithm>
#include <charconv>

#include "http/head_scanner.h"

namespace imdsd::http {
namespace {

using base::Errc;
using base::fail;

constexpr std::size_t kMaxChunkLineBytes = 256;
constexpr std::size_t kMaxChunkSizeDigits = 15;  // fits 64 bits, sums of them too
constexpr std::size_t kMaxTrailerBytes = 8192;

}  // namespace

BodyDecoder BodyDecoder::counted(std::uint64_t length) {
  BodyDecoder decoder(length == 0 ? State::done : State::counted);
  decoder.remaining_ = length;
  return decoder;
}

BodyDecoder BodyDecoder::chunked() {
  return BodyDecoder(State::chunk_size);
}

base::Result<BodyDecoder::Piece> BodyDecoder::next(std::string_view in, std::size_t max) {
  if (state_ == State::done || in.empty()) return Piece{};
  if (state_ == State::counted || state_ == State::chunk_data) return data_piece(in, max);
  return line_piece(in);
}

BodyDecoder::Piece BodyDecoder::data_piece(std::string_view in, std::size_t max) {
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, std::min(in.size(), max)));
  remaining_ -= size;
  if (remaining_ == 0) state_ = state_ == State::counted ? State::done : State::chunk_end;
  return Piece{size, in.substr(0, size)};
}

/// Consumes at most one line of framing.
base::Result<BodyDecoder::Piece> BodyDecoder::line_piece(std::string_view in) {
  const std::size_t lf = in.find('\n');
  const std::string_view part = in.substr(0, lf);
  const std::size_t limit = state_ == State::trailer ? kMaxTrailerBytes : kMaxChunkLineBytes;
  if (line_.size() + part.size() > limit) {
    return fail(Errc::invalid_argument, "a line of the chunked body is too long");
  }
  line_.append(part);
  if (lf == std::string_view::npos) return Piece{in.size(), {}};
  if (line_.empty() || line_.back() != '\r') {
    return fail(Errc::invalid_argument, "line feed without carriage return in the chunked body");
  }
  line_.pop_back();
  IMDSD_TRY_VOID(end_line());
  line_.clear();
  return Piece{lf + 1, {}};
}

base::Result<void> BodyDecoder::end_line() {
  switch (state_) {
    case State::chunk_size:
      return chunk_size_line();
    case State::chunk_end:
      if (!line_.empty()) return fail(Errc::invalid_argument, "chunk longer than its size");
      state_ = State::chunk_size;
      return {};
    default:
      return trailer_line();
  }
}

base::Result<void> BodyDecoder::chunk_size_line() {
  const char* const end = line_.data() + line_.size();
  std::uint64_t size = 0;
  const auto [last, error] = std::from_chars(line_.data(), end, size, 16);
  const auto digits = static_cast<std::size_t>(last - line_.data());
  if (error != std::errc{} || digits == 0 || digits > kMaxChunkSizeDigits) {
    return fail(Errc::invalid_argument, "bad chunk size");
  }
  // RFC 9112 section 7.1.1: unknown chunk extensions are ignored, but they must look like some.
  if (last != end &&
      (*last != ';' || !is_field_value({last, static_cast<std::size_t>(end - last)}))) {
    return fail(Errc::invalid_argument, "bad chunk extension");
  }
  remaining_ = size;
  state_ = size == 0 ? State::trailer : State::chunk_data;
  return {};
}

base::Result<void> BodyDecoder::trailer_line() {
  if (line_.empty()) {
    state_ = State::done;
    return {};
  }
  trailer_bytes_ += line_.size() + 2;
  const std::size_t colon = line_.find(':');
  if (trailer_bytes_ > kMaxTrailerBytes || colon == std::string::npos ||
      !is_token(std::string_view(line_).substr(0, colon)) ||
      !is_field_value(std::string_view(line_).substr(colon + 1))) {
    return fail(Errc::invalid_argument, "bad trailer");
  }
  return {};
}

}  // namespace imdsd::http
