// SPDX-License-Identifier: MIT
// Passwords at rest: argon2id (RFC 9106), by libargon2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.h"

namespace imdsd::base {

/// What one guess costs. The default is OWASP's for argon2id
/// (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).
struct PasswordCost {
  std::uint32_t memory_kib = 19 * 1024;
  std::uint32_t passes = 2;
};

/// "$argon2id$v=19$m=…,t=…,p=1$salt$hash", with 16 bytes of salt from `random`. Takes tens of
/// milliseconds: not for a thread that others wait for.
[[nodiscard]] std::string hash_password(std::string_view password, const PasswordCost& cost,
                                        Random& random);

/// Is it the password that was hashed? False for text that hash_password() did not write. As slow
/// as the cost in `hash` says.
[[nodiscard]] bool is_password(std::string_view password, const std::string& hash);

}  // namespace imdsd::base
