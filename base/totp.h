// SPDX-License-Identifier: MIT
// Time-based one-time passwords (RFC 6238 over RFC 4226): SHA-1, steps of 30 seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace imdsd::base {

inline constexpr int kTotpDigits = 6;

/// The step that `time` is in. Steps are counted from 1970.
[[nodiscard]] std::int64_t totp_step(SystemTime time) noexcept;

/// The code of a step, `digits` (at most 9) decimal digits. `seed` is raw bytes.
[[nodiscard]] std::string totp_code(std::string_view seed, std::int64_t step,
                                    int digits = kTotpDigits);

/// The first step of [first, last] whose code this is; none if there is none. Compares in constant
/// time.
[[nodiscard]] std::optional<std::int64_t> find_totp_step(std::string_view seed,
                                                         std::string_view code, std::int64_t first,
                                                         std::int64_t last);

}  // namespace imdsd::base
