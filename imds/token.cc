// SPDX-License-Identifier: MIT
#include "imds/token.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::imds {
namespace {

// The bytes of a token: version, end, nonce, MAC. The version makes it start with AQAEA, as EC2's
// do; 40 bytes make 56 characters with two of padding.
constexpr std::string_view kVersion("\x01\x00\x04\x00", 4);
constexpr std::size_t kEndBytes = 8;
constexpr std::size_t kNonceBytes = 8;
constexpr std::size_t kClaimsBytes = kVersion.size() + kEndBytes + kNonceBytes;
constexpr std::size_t kMacBytes = 20;
static_assert((kClaimsBytes + kMacBytes + 2) / 3 * 4 == TokenAuthority::kTokenChars);

constexpr std::size_t kKeyBytes = 32;

template <std::size_t N>
std::string random_bytes(base::Random& random) {
  std::array<std::byte, N> bytes;
  random.fill(bytes);
  return {reinterpret_cast<const char*>(bytes.data()), N};
}

void append_big_endian(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

/// The id is bound by the key, so that each MAC binds it at no cost.
base::Secret instance_key(std::string_view instance_id, base::Random& random) {
  const base::Secret own(random_bytes<kKeyBytes>(random));
  return base::Secret(base::hmac_sha256(own.reveal(), instance_id));
}

base::SteadyTime end_of(std::string_view claims) {
  const auto end = read_big_endian(claims.substr(kVersion.size(), kEndBytes));
  return base::SteadyTime(std::chrono::microseconds(static_cast<std::int64_t>(end)));
}

}  // namespace

TokenAuthority::TokenAuthority(std::string_view instance_id, base::Random& random)
    : random_(random), key_(instance_key(instance_id, random).reveal()) {}

std::string TokenAuthority::mac(std::string_view claims) const {
  std::string full = base::hmac_sha256(key_.reveal(), claims);
  full.resize(kMacBytes);
  return full;
}

base::Result<base::Secret> TokenAuthority::issue(std::chrono::seconds ttl,
                                                 base::SteadyTime now) const {
  if (ttl < kMinTtl || ttl > kMaxTtl) {
    return base::fail(base::Errc::invalid_argument, "token lifetime must be 1 to 21600 seconds");
  }
  std::string token(kVersion);
  token.reserve(kClaimsBytes + kMacBytes);
  append_big_endian(token, static_cast<std::uint64_t>((now + ttl).time_since_epoch().count()));
  token += random_bytes<kNonceBytes>(random_);
  token += mac(token);
  return base::Secret(base::base64url_encode(token));
}

base::Result<std::chrono::seconds> TokenAuthority::remaining(std::string_view token,
                                                             base::SteadyTime now) const {
  if (token.size() != kTokenChars) {
    return base::fail(base::Errc::invalid_argument, "malformed token");
  }
  IMDSD_TRY(const std::string bytes, base::base64url_decode(token));
  if (bytes.size() != kClaimsBytes + kMacBytes) {
    return base::fail(base::Errc::invalid_argument, "malformed token");
  }
  const std::string_view claims = std::string_view(bytes).substr(0, kClaimsBytes);
  if (!base::constant_time_equal(mac(claims), std::string_view(bytes).substr(kClaimsBytes))) {
    return base::fail(base::Errc::invalid_argument, "foreign or forged token");
  }
  const base::SteadyTime end = end_of(claims);
  if (now >= end) return base::fail(base::Errc::expired, "expired token");
  return std::chrono::floor<std::chrono::seconds>(end - now);
}

}  // namespace imdsd::imds
