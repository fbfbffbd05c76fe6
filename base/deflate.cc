// SPDX-License-Identifier: MIT
#include "base/deflate.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <new>

#include <zlib.h>

namespace imdsd::base {
namespace {

// zlib's own, and the least that it takes.
constexpr int kMostWindowBits = 15, kLeastWindowBits = 9;
constexpr int kMostMemoryLevel = 8;
/// What zlib needs of a window beside the data that it looks back at: MIN_LOOKAHEAD.
constexpr std::size_t kLookahead = 262;
constexpr std::size_t kMaxPiece = std::numeric_limits<uInt>::max();
constexpr std::size_t kFirstOutput = 1024;

// zlib does not write through next_in, its type only predates const.
Bytef* input_of(std::string_view data) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));
}

/// A window for all of `size` bytes, if there is one. A larger one gains nothing, and costs: zlib
/// would allocate and clear 256 kB for each session token, which the C library takes from the
/// system and gives back each time.
int window_bits(std::size_t size) {
  int bits = kLeastWindowBits;
  while (bits < kMostWindowBits && (std::size_t{1} << bits) < size + kLookahead) ++bits;
  return bits;
}

struct Deflater {
  explicit Deflater(std::size_t size) {
    const int bits = window_bits(size);
    // Negative: no zlib header and checksum.
    const int result =
        deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -bits,
                     kMostMemoryLevel - (kMostWindowBits - bits), Z_DEFAULT_STRATEGY);
    if (result != Z_OK) throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(&stream); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  z_stream stream{};
};

struct Inflater {
  Inflater() {
    if (inflateInit2(&stream, -kMostWindowBits) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  z_stream stream{};
};

// Points the stream at what of `out` is not written yet.
void offer_output(z_stream& stream, std::string& out, std::size_t written) {
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + written);
  stream.avail_out = static_cast<uInt>(std::min(out.size() - written, kMaxPiece));
}

}  // namespace

std::string deflate(std::string_view data) {
  Deflater deflater(data.size());
  z_stream& stream = deflater.stream;
  std::string out(std::max<std::size_t>(kFirstOutput, data.size() / 2), '\0');
  std::size_t written = 0;
  for (int result = Z_OK; result != Z_STREAM_END;) {
    if (stream.avail_in == 0) {
      const std::size_t piece = std::min(data.size(), kMaxPiece);
      stream.next_in = input_of(data);
      stream.avail_in = static_cast<uInt>(piece);
      data.remove_prefix(piece);
    }
    if (written == out.size()) out.resize(out.size() * 2);
    offer_output(stream, out, written);
    result = ::deflate(&stream, data.empty() ? Z_FINISH : Z_NO_FLUSH);
    written = static_cast<std::size_t>(reinterpret_cast<char*>(stream.next_out) - out.data());
  }
  out.resize(written);
  return out;
}

// RFC 1951 section 3.2.4.
std::string deflate_stored(std::string_view data) {
  assert(data.size() <= 0xFFFF);
  const auto low = static_cast<unsigned char>(data.size() & 0xFF);
  const auto high = static_cast<unsigned char>(data.size() >> 8);
  std::string out;
  out.reserve(5 + data.size());
  for (const unsigned char byte :
       {static_cast<unsigned char>(1), low, high, static_cast<unsigned char>(~low & 0xFF),
        static_cast<unsigned char>(~high & 0xFF)}) {
    out.push_back(static_cast<char>(byte));
  }
  return out.append(data);
}

Result<std::string> inflate(std::string_view data, std::size_t max_bytes) {
  if (data.size() > kMaxPiece) return fail(Errc::too_large, "deflate: too much data");
  Inflater inflater;
  z_stream& stream = inflater.stream;
  stream.next_in = input_of(data);
  stream.avail_in = static_cast<uInt>(data.size());
  // One byte more than allowed tells a text of exactly max_bytes from a longer one.
  const std::size_t limit = max_bytes < std::string().max_size() ? max_bytes + 1 : max_bytes;
  std::string out(std::min(kFirstOutput, limit), '\0');
  std::size_t written = 0;
  for (int result = Z_OK; result != Z_STREAM_END;) {
    if (written == out.size()) out.resize(std::min(out.size() * 2, limit));
    offer_output(stream, out, written);
    result = ::inflate(&stream, Z_NO_FLUSH);
    written = static_cast<std::size_t>(reinterpret_cast<char*>(stream.next_out) - out.data());
    if (written > max_bytes) return fail(Errc::too_large, "deflate: text is over the limit");
    if (result == Z_MEM_ERROR) return fail(Errc::unavailable, "deflate: out of memory");
    // With output space left, no progress means that the data ends too early.
    if (result != Z_OK && result != Z_STREAM_END)
      return fail(Errc::corrupt, "deflate: broken data");
  }
  if (stream.avail_in != 0) return fail(Errc::corrupt, "deflate: data behind the end");
  out.resize(written);
  return out;
}

}  // namespace imdsd::base
