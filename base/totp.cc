// SPDX-License-Identifier: MIT
#include "base/totp.h"

#include <array>
#include <chrono>

#include "base/digest.h"
#include "base/secret.h"

namespace imdsd::base {
namespace {

constexpr std::chrono::seconds kStep{30};

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

}  // namespace

std::int64_t totp_step(SystemTime time) noexcept {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()) / kStep;
}

std::string totp_code(std::string_view seed, std::int64_t step, int digits) {
  std::array<char, 8> counter{};
  auto rest = static_cast<std::uint64_t>(step);
  for (std::size_t i = counter.size(); i-- > 0; rest >>= 8) {
    counter[i] = static_cast<char>(rest & 0xFF);
  }
  const std::string mac = hmac_sha1(seed, {counter.data(), counter.size()});
  // RFC 4226 section 5.3: the last four bits say where the code is.
  const std::size_t at = byte_at(mac, mac.size() - 1) & 0xF;
  std::uint32_t number = (byte_at(mac, at) & 0x7F) << 24 | byte_at(mac, at + 1) << 16 |
                         byte_at(mac, at + 2) << 8 | byte_at(mac, at + 3);
  std::string code(static_cast<std::size_t>(digits), '0');
  for (std::size_t i = code.size(); i-- > 0; number /= 10) {
    code[i] = static_cast<char>('0' + number % 10);
  }
  return code;
}

std::optional<std::int64_t> find_totp_step(std::string_view seed, std::string_view code,
                                           std::int64_t first, std::int64_t last) {
  for (std::int64_t step = first; step <= last; ++step) {
    if (constant_time_equal(totp_code(seed, step), code)) return step;
  }
  return std::nullopt;
}

}  // namespace imdsd::base
