// SPDX-License-Identifier: MIT
#include "base/png.h"

#include <cstdint>
#include <string_view>

#include <zlib.h>

#include "base/deflate.h"

namespace imdsd::base {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr char kBitDepth = 1, kGreyscale = 0, kDeflate = 0, kAdaptive = 0, kNotInterlaced = 0;
constexpr char kNoFilter = 0;

void append_u32(std::uint32_t value, std::string& out) {
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>(value >> shift & 0xFF));
}

const Bytef* bytes_of(std::string_view data) {
  return reinterpret_cast<const Bytef*>(data.data());
}

void append_chunk(std::string_view type, std::string_view data, std::string& out) {
  append_u32(static_cast<std::uint32_t>(data.size()), out);
  const std::size_t start = out.size();
  out.append(type).append(data);
  const std::string_view checked = std::string_view(out).substr(start);
  append_u32(static_cast<std::uint32_t>(crc32_z(0, bytes_of(checked), checked.size())), out);
}

/// RFC 1950: the header of a 32 kB window and the checksum around raw deflate.
std::string zlib_stream(std::string_view data) {
  std::string out = "\x78\x9c";
  out += deflate(data);
  append_u32(static_cast<std::uint32_t>(adler32_z(1, bytes_of(data), data.size())), out);
  return out;
}

}  // namespace

std::string make_png(std::size_t width, const std::function<bool(std::size_t, std::size_t)>& dark) {
  std::string header;
  append_u32(static_cast<std::uint32_t>(width), header);
  append_u32(static_cast<std::uint32_t>(width), header);
  header.append({kBitDepth, kGreyscale, kDeflate, kAdaptive, kNotInterlaced});
  std::string rows;
  for (std::size_t row = 0; row < width; ++row) {
    rows.push_back(kNoFilter);
    for (std::size_t column = 0; column < width; ++column) {
      if (column % 8 == 0) rows.push_back(0);
      if (!dark(row, column)) rows.back() = static_cast<char>(rows.back() | 0x80 >> column % 8);
    }
  }
  std::string out(kSignature);
  append_chunk("IHDR", header, out);
  append_chunk("IDAT", zlib_stream(rows), out);
  append_chunk("IEND", "", out);
  return out;
}

}  // namespace imdsd::base
