// SPDX-License-Identifier: MIT
#include "base/crc.h"

#include <array>
#include <cstddef>
#include <limits>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

#include <zlib.h>

namespace imdsd::base {
namespace {

constexpr std::uint32_t kCastagnoli = 0x82F63B78;
constexpr std::uint64_t kNvme = 0x9A6C9329AC4BC9B5;

constexpr std::size_t kSlices = 8;
template <class Word>
using Tables = std::array<std::array<Word, 256>, kSlices>;

template <class Word>
constexpr Tables<Word> tables_of(Word polynomial) {
  Tables<Word> out{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    auto word = static_cast<Word>(byte);
    for (int bit = 0; bit < 8; ++bit) word = (word & 1) != 0 ? (word >> 1) ^ polynomial : word >> 1;
    out[0][byte] = word;
  }
  for (std::size_t slice = 1; slice < kSlices; ++slice) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const Word before = out[slice - 1][byte];
      out[slice][byte] = (before >> 8) ^ out[0][before & 0xFF];
    }
  }
  return out;
}

constexpr Tables<std::uint32_t> kCastagnoliTables = tables_of(kCastagnoli);
constexpr Tables<std::uint64_t> kNvmeTables = tables_of(kNvme);

constexpr std::uint64_t little_endian(const char* bytes) noexcept {
  std::uint64_t out = 0;
  for (unsigned i = 0; i < 8; ++i) {
    out |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return out;
}

// Eight bytes a step, each by a table of its own (Kounavis and Berry, "A Systematic Approach to
// Building High Performance Software-based CRC Generators").
template <class Word>
constexpr Word run(const Tables<Word>& tables, Word word, std::string_view data) noexcept {
  word = ~word;
  for (; data.size() >= 8; data.remove_prefix(8)) {
    const std::uint64_t eight = little_endian(data.data()) ^ word;
    word = 0;
    for (unsigned i = 0; i < kSlices; ++i) word ^= tables[kSlices - 1 - i][eight >> (8 * i) & 0xFF];
  }
  for (const char c : data) {
    word = (word >> 8) ^ tables[0][(word ^ static_cast<unsigned char>(c)) & 0xFF];
  }
  return ~word;
}

// Where the processor has an instruction, nothing else runs these tables.
static_assert(run(kCastagnoliTables, std::uint32_t{0}, "123456789") == 0xE3069283);

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t castagnoli_by_processor(
    std::uint32_t value, std::string_view data) noexcept {
  std::uint64_t word = ~value;
  for (; data.size() >= 8; data.remove_prefix(8)) {
    word = _mm_crc32_u64(word, little_endian(data.data()));
  }
  auto rest = static_cast<std::uint32_t>(word);
  for (const char c : data) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(c));
  return ~rest;
}

bool has_crc_instruction() noexcept {
  static const bool has = __builtin_cpu_supports("sse4.2") != 0;
  return has;
}
#endif

// Polynomials over GF(2) modulo `polynomial`, reflected: the highest bit is the coefficient of x^0.
template <class Word>
constexpr Word kOne = Word{1} << (std::numeric_limits<Word>::digits - 1);

template <class Word>
Word product(Word a, Word b, Word polynomial) noexcept {
  Word out = 0;
  for (Word bit = kOne<Word>; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) out ^= b;
    b = (b & 1) != 0 ? (b >> 1) ^ polynomial : b >> 1;
  }
  return out;
}

// Behind `first` come second_bytes bytes: it is multiplied by x^(8 * second_bytes). The ones that
// are added at both ends cancel out.
template <class Word>
Word combine(Word first, Word second, std::uint64_t second_bytes, Word polynomial) noexcept {
  Word shift = kOne<Word>;
  Word square = kOne<Word> >> 8;
  for (; second_bytes != 0; second_bytes >>= 1) {
    if ((second_bytes & 1) != 0) shift = product(shift, square, polynomial);
    square = product(square, square, polynomial);
  }
  return product(shift, first, polynomial) ^ second;
}

}  // namespace

void Crc32::update(std::string_view data) noexcept {
  value_ = static_cast<std::uint32_t>(
      crc32_z(value_, reinterpret_cast<const Bytef*>(data.data()), data.size()));
}

void Crc32c::update(std::string_view data) noexcept {
#if defined(__x86_64__)
  if (has_crc_instruction()) {
    value_ = castagnoli_by_processor(value_, data);
    return;
  }
#endif
  value_ = run(kCastagnoliTables, value_, data);
}

void Crc64Nvme::update(std::string_view data) noexcept {
  value_ = run(kNvmeTables, value_, data);
}

std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second,
                            std::uint64_t second_bytes) noexcept {
  constexpr std::uint32_t kIso3309 = 0xEDB88320;
  return combine(first, second, second_bytes, kIso3309);
}

std::uint32_t crc32c_combine(std::uint32_t first, std::uint32_t second,
                             std::uint64_t second_bytes) noexcept {
  return combine(first, second, second_bytes, kCastagnoli);
}

std::uint64_t crc64nvme_combine(std::uint64_t first, std::uint64_t second,
                                std::uint64_t second_bytes) noexcept {
  return combine(first, second, second_bytes, kNvme);
}

}  // namespace imdsd::base
