// SPDX-License-Identifier: MIT
// Cyclic redundancy checks, reflected, of data that comes in pieces: CRC-32 (ISO 3309, by zlib),
// CRC-32C (RFC 3720 appendix B.4; the processor's instruction where it has one) and CRC-64/NVME
// (NVM Express NVM Command Set Specification, section 5.2.1.3.4).
#pragma once

#include <cstdint>
#include <string_view>

namespace imdsd::base {

class Crc32 {
 public:
  void update(std::string_view data) noexcept;
  [[nodiscard]] std::uint32_t value() const noexcept { return value_; }

 private:
  std::uint32_t value_ = 0;
};

class Crc32c {
 public:
  void update(std::string_view data) noexcept;
  [[nodiscard]] std::uint32_t value() const noexcept { return value_; }

 private:
  std::uint32_t value_ = 0;
};

class Crc64Nvme {
 public:
  void update(std::string_view data) noexcept;
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 0;
};

/// The check of two pieces of data in a row, from the check of each and the length of the second,
/// without the data. Takes microseconds.
[[nodiscard]] std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second,
                                          std::uint64_t second_bytes) noexcept;
[[nodiscard]] std::uint32_t crc32c_combine(std::uint32_t first, std::uint32_t second,
                                           std::uint64_t second_bytes) noexcept;
[[nodiscard]] std::uint64_t crc64nvme_combine(std::uint64_t first, std::uint64_t second,
                                              std::uint64_t second_bytes) noexcept;

}  // namespace imdsd::base
