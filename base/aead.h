// SPDX-License-Identifier: MIT
// Authenticated encryption: AES-256-GCM (NIST SP 800-38D), by OpenSSL.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace imdsd::base {

inline constexpr std::size_t kAeadKeyBytes = 32;
inline constexpr std::size_t kAeadOverheadBytes = 12 + 16;  // nonce in front, tag behind

/// nonce || ciphertext || tag. `key` has kAeadKeyBytes; `associated` is authenticated, not carried.
[[nodiscard]] std::string aead_seal(std::string_view key, std::string_view plaintext,
                                    std::string_view associated, Random& random);
/// Errc::corrupt for anything that aead_seal did not make with this key and associated data.
[[nodiscard]] Result<std::string> aead_open(std::string_view key, std::string_view sealed,
                                            std::string_view associated);

}  // namespace imdsd::base
