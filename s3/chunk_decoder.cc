// SPDX-License-Identifier: MIT
#include "s3/chunk_decoder.h"

#include <algorithm>
#include <charconv>

#include "base/codec.h"

namespace imdsd::s3 {
namespace {

using aws::S3Error;

tl::unexpected<S3Error> incomplete() {
  return tl::unexpected(S3Error{400, "IncompleteBody", "The request body terminated unexpectedly"});
}

tl::unexpected<S3Error> wrong_length() {
  return tl::unexpected(S3Error{400, "IncompleteBody",
                                "You did not provide the number of bytes specified by the "
                                "Content-Length HTTP header"});
}

tl::unexpected<S3Error> malformed_trailer() {
  return tl::unexpected(S3Error{400, "MalformedTrailerError",
                                "The request contained trailing data that was not well-formed or "
                                "did not conform to our published schema."});
}

tl::unexpected<S3Error> wrong_signature() {
  return tl::unexpected(S3Error{403, "SignatureDoesNotMatch",
                                "The request signature we calculated does not match the signature "
                                "you provided. Check your key and signing method."});
}

/// Hexadecimal digits and nothing else; std::from_chars would take a minus sign.
std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t size = 0;
  if (text.empty() || text.front() == '-') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size, 16);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number ? std::optional(size) : std::nullopt;
}

}  // namespace

ChunkDecoder::ChunkDecoder(Options options)
    : options_(std::move(options)),
      left_(options_.bytes),
      chunk_digest_(base::MessageDigest::Method::sha256),
      trailer_digest_(base::MessageDigest::Method::sha256) {}

aws::S3Outcome<std::string_view> ChunkDecoder::next(std::string_view& input) {
  while (!input.empty()) {
    if (at_ == At::done) return wrong_length();
    if (at_ == At::data) {
      const std::string_view data =
          input.substr(0, std::min<std::uint64_t>(chunk_left_, input.size()));
      input.remove_prefix(data.size());
      chunk_left_ -= data.size();
      if (options_.signatures) chunk_digest_.update(data);
      if (chunk_left_ == 0) at_ = At::end_of_data;
      return data;
    }
    IMDSD_TRY(const bool whole, take_line(input));
    if (!whole) continue;
    const std::string text = std::exchange(line_, {});
    IMDSD_TRY_VOID(line(text));
  }
  return std::string_view();
}

aws::S3Outcome<void> ChunkDecoder::end() const {
  if (at_ != At::done) return incomplete();
  return {};
}

/// Moves a line, or what is there of it, into line_; without its CR LF.
aws::S3Outcome<bool> ChunkDecoder::take_line(std::string_view& input) {
  const std::size_t feed = input.find('\n');
  const bool has_end = feed != std::string_view::npos;
  const std::string_view piece = input.substr(0, has_end ? feed + 1 : input.size());
  if (line_.size() + piece.size() > kMaxLineBytes) return incomplete();
  line_.append(piece);
  input.remove_prefix(piece.size());
  // Some clients end the value of a trailer with a line feed of its own: the line goes on.
  if (!line_.ends_with("\r\n")) {
    if (has_end && at_ != At::trailer_line) return incomplete();
    return false;
  }
  line_.resize(line_.size() - 2);
  return true;
}

aws::S3Outcome<void> ChunkDecoder::line(std::string_view text) {
  switch (at_) {
    case At::chunk_line:
      return chunk_line(text);
    case At::end_of_data:
      if (!text.empty()) return incomplete();
      return end_chunk();
    case At::trailer_line:
      return trailer_line(text);
    case At::data:
    case At::done:
      break;
  }
  return incomplete();
}

aws::S3Outcome<void> ChunkDecoder::chunk_line(std::string_view text) {
  constexpr std::string_view kSignature = ";chunk-signature=";
  if (options_.signatures || options_.unchecked) {
    const std::size_t at = text.find(kSignature);
    if (at == std::string_view::npos) return incomplete();
    signature_ = text.substr(at + kSignature.size());
    text = text.substr(0, at);
  }
  const auto size = parse_size(text);
  if (!size) return incomplete();
  return begin_chunk(*size);
}

aws::S3Outcome<void> ChunkDecoder::begin_chunk(std::uint64_t size) {
  ++chunks_;
  if (size > left_) return wrong_length();
  if (size == 0) {
    if (left_ != 0) return wrong_length();
    IMDSD_TRY_VOID(end_chunk());
    at_ = At::trailer_line;
    return {};
  }
  if (chunks_ > 1 && last_size_ < kMinChunkBytes) {
    return tl::unexpected(S3Error{
        403,
        "InvalidChunkSizeError",
        "Only the last chunk is allowed to have a size less than 8192 bytes",
        {{"Chunk", std::to_string(chunks_)}, {"BadChunkSize", std::to_string(last_size_)}}});
  }
  last_size_ = size;
  chunk_left_ = size;
  left_ -= size;
  at_ = At::data;
  return {};
}

aws::S3Outcome<void> ChunkDecoder::end_chunk() {
  at_ = At::chunk_line;
  if (options_.signatures &&
      !options_.signatures->takes_chunk(signature_, chunk_digest_.finish())) {
    return wrong_signature();
  }
  return {};
}

aws::S3Outcome<void> ChunkDecoder::trailer_line(std::string_view text) {
  if (text.empty()) return end_trailers();
  if (text.back() == '\n') text.remove_suffix(1);
  const std::size_t colon = text.find(':');
  if (!options_.has_trailer || colon == std::string_view::npos || trailer_signature_ ||
      trailers_.size() == kMaxTrailers || text.find('\n') != std::string_view::npos) {
    return malformed_trailer();
  }
  const std::string_view value = base::trim(text.substr(colon + 1));
  std::string name = base::to_lower(base::trim(text.substr(0, colon)));
  if (name == "x-amz-trailer-signature") {
    trailer_signature_ = value;
    return {};
  }
  trailer_digest_.update(name + ":" + std::string(value) + "\n");
  trailers_.emplace_back(std::move(name), value);
  return {};
}

aws::S3Outcome<void> ChunkDecoder::end_trailers() {
  at_ = At::done;
  if (options_.unchecked) return {};
  if (!options_.signatures || !options_.has_trailer) {
    if (trailer_signature_) return malformed_trailer();
    return {};
  }
  if (!trailer_signature_) return malformed_trailer();
  if (!options_.signatures->takes_trailer(*trailer_signature_, trailer_digest_.finish())) {
    return wrong_signature();
  }
  return {};
}

}  // namespace imdsd::s3
