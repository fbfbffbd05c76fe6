// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::http {

/// Takes a message body out of the bytes of a connection: counted (Content-Length) or chunked
/// (RFC 9112 section 7.1). Strict: bare LF, signs, white space in chunk sizes are errors. Pure.
class BodyDecoder {
 public:
  /// A body of `length` bytes; 0 is no body.
  [[nodiscard]] static BodyDecoder counted(std::uint64_t length);
  [[nodiscard]] static BodyDecoder chunked();

  struct Piece {
    std::size_t consumed = 0;  // of the input; 0 only when the input is empty or the body has ended
    std::string_view data;  // body bytes, a part of the input; may be empty while framing is read
  };
  /// The next run of body bytes in `in`, at most `max` of them.
  [[nodiscard]] base::Result<Piece> next(std::string_view in, std::size_t max = SIZE_MAX);
  [[nodiscard]] bool done() const noexcept { return state_ == State::done; }

 private:
  enum class State { counted, chunk_size, chunk_data, chunk_end, trailer, done };
  explicit BodyDecoder(State state) : state_(state) {}
  [[nodiscard]] Piece data_piece(std::string_view in, std::size_t max);
  [[nodiscard]] base::Result<Piece> line_piece(std::string_view in);
  [[nodiscard]] base::Result<void> end_line();
  [[nodiscard]] base::Result<void> chunk_size_line();
  [[nodiscard]] base::Result<void> trailer_line();

  State state_;
  std::uint64_t remaining_ = 0;
  std::string line_;  // of the framing, while it is incomplete
  std::size_t trailer_bytes_ = 0;
};

}  // namespace imdsd::http
