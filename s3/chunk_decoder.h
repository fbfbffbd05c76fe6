// SPDX-License-Identifier: MIT
// aws-chunked: data in chunks with a line in front of each, signed or not, and trailers behind them
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and
// sigv4-streaming-trailers.html). HTTP's own chunked coding, which may be around it, is gone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/s3_error.h"
#include "aws/sigv4_chunk.h"
#include "base/message_digest.h"

namespace imdsd::s3 {

/// A parser that is fed as data come. Of a chunk whose signature does not hold, and of a body that
/// breaks off, data have been given out before the error: they are not to be kept. One thread.
class ChunkDecoder {
 public:
  struct Options {
    std::uint64_t bytes = 0;   // x-amz-decoded-content-length: all chunks together
    bool has_trailer = false;  // there may be trailers
    std::optional<aws::ChunkSignatures> signatures = {};  // set: every chunk must be signed
    bool unchecked = false;  // chunks may be signed, and nobody looks: of auth.mode = "off"
  };
  explicit ChunkDecoder(Options options);

  /// Takes what it can off the front of `input` and returns data out of it; empty when the input
  /// is used up. IncompleteBody, InvalidChunkSizeError, MalformedTrailerError,
  /// SignatureDoesNotMatch; after an error it is not to be used again.
  [[nodiscard]] aws::S3Outcome<std::string_view> next(std::string_view& input);
  /// The body has ended here: IncompleteBody if it should not have.
  [[nodiscard]] aws::S3Outcome<void> end() const;

  /// Names in lower case; x-amz-trailer-signature is not among them.
  using Trailers = std::vector<std::pair<std::string, std::string>>;
  [[nodiscard]] const Trailers& trailers() const noexcept { return trailers_; }

  /// S3 wants 8 KiB at least of each chunk but the last one with data.
  static constexpr std::uint64_t kMinChunkBytes = 8192;
  /// Of a line; S3's own bound is not known.
  static constexpr std::size_t kMaxLineBytes = 4096;
  static constexpr std::size_t kMaxTrailers = 16;

 private:
  enum class At : std::uint8_t { chunk_line, data, end_of_data, trailer_line, done };

  [[nodiscard]] aws::S3Outcome<bool> take_line(std::string_view& input);
  [[nodiscard]] aws::S3Outcome<void> line(std::string_view text);
  [[nodiscard]] aws::S3Outcome<void> chunk_line(std::string_view text);
  [[nodiscard]] aws::S3Outcome<void> begin_chunk(std::uint64_t size);
  [[nodiscard]] aws::S3Outcome<void> end_chunk();
  [[nodiscard]] aws::S3Outcome<void> trailer_line(std::string_view text);
  [[nodiscard]] aws::S3Outcome<void> end_trailers();

  Options options_;
  At at_ = At::chunk_line;
  std::string line_;              // what is there of one
  std::uint64_t chunk_left_ = 0;  // bytes of this chunk that are still to come
  std::uint64_t last_size_ = 0;   // of the chunk before
  std::uint64_t left_;            // of options_.bytes
  std::uint64_t chunks_ = 0;
  std::string signature_;  // of this chunk, as sent
  base::MessageDigest chunk_digest_;
  base::MessageDigest trailer_digest_;
  std::optional<std::string> trailer_signature_;
  Trailers trailers_;
};

}  // namespace imdsd::s3
