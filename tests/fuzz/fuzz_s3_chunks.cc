// SPDX-License-Identifier: MIT
// aws-chunked bodies. Input: how it is to be read (S signed, T with trailers), the announced length
// in decimal, a line feed, the body. In one piece and byte by byte it must give the same.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "s3/chunk_decoder.h"

namespace {

using imdsd::s3::ChunkDecoder;

imdsd::aws::ChunkSignatures signatures() {
  imdsd::aws::Authorization authorization;
  authorization.scope = {"20130524", "us-east-1", "s3", "aws4_request"};
  authorization.amz_date = "20130524T000000Z";
  authorization.signature = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
  return {authorization, imdsd::base::Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")};
}

struct Decoded {
  std::string data;
  ChunkDecoder::Trailers trailers;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

std::optional<Decoded> decode(bool is_signed, ChunkDecoder::Options options, std::string_view body,
                              std::size_t step) {
  if (is_signed) options.signatures = signatures();
  const std::uint64_t bytes = options.bytes;
  ChunkDecoder decoder(std::move(options));
  Decoded out;
  while (!body.empty()) {
    std::string_view piece = body.substr(0, step);
    body.remove_prefix(piece.size());
    while (!piece.empty()) {
      const auto data = decoder.next(piece);
      if (!data) return std::nullopt;
      out.data.append(*data);
    }
  }
  if (!decoder.end()) return std::nullopt;
  if (out.data.size() != bytes) std::abort();
  out.trailers = decoder.trailers();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view head = input.substr(0, input.find('\n'));
  input.remove_prefix(std::min(input.size(), head.size() + 1));
  const bool is_signed = head.find('S') != std::string_view::npos;
  ChunkDecoder::Options options;
  options.has_trailer = head.find('T') != std::string_view::npos;
  const std::string_view number =
      head.substr(std::min(head.size(), head.find_first_of("0123456789")));
  (void)std::from_chars(number.data(), number.data() + number.size(), options.bytes);
  const auto copy = [&] {
    return ChunkDecoder::Options{.bytes = options.bytes, .has_trailer = options.has_trailer};
  };
  if (decode(is_signed, copy(), input, input.size()) != decode(is_signed, copy(), input, 1)) {
    std::abort();
  }
  return 0;
}
