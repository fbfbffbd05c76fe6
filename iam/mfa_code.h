// SPDX-License-Identifier: MIT
// Codes of virtual MFA devices. A code works once (RFC 6238 section 5.2): whoever takes one stores
// its step in the device.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "iam/entities.h"

namespace imdsd::iam {

/// The step of this code, if the device may show it now or showed it a moment ago, and none as late
/// was taken before.
[[nodiscard]] std::optional<std::int64_t> accepted_step(const MfaDevice& device,
                                                        std::string_view code,
                                                        base::SystemTime now);

/// Compares the device's clock with ours by two codes that it showed one after the other, at most
/// ten minutes off, and takes the second. False when they are not such codes, or were taken before;
/// the device is unchanged then.
[[nodiscard]] bool synchronize(MfaDevice& device, std::string_view first, std::string_view second,
                               base::SystemTime now);

}  // namespace imdsd::iam
