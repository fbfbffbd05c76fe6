// SPDX-License-Identifier: MIT
// SHA-256 (FIPS 180-4) and HMAC (RFC 2104), by OpenSSL. Results are raw bytes.
// HMAC-SHA-1 is for RFC 4226 codes alone, SHA-1 for names that AWS makes with it: it protects
// nothing.
#pragma once

#include <string>
#include <string_view>

namespace imdsd::base {

inline constexpr std::size_t kSha256Bytes = 32;

[[nodiscard]] std::string sha1(std::string_view data);
[[nodiscard]] std::string sha256(std::string_view data);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view data);
[[nodiscard]] std::string hmac_sha1(std::string_view key, std::string_view data);

}  // namespace imdsd::base
