// SPDX-License-Identifier: MIT
// When credentials are renewed. Pure arithmetic.
#pragma once

#include <chrono>
#include <string_view>

#include "base/clock.h"

namespace imdsd::sts_client {

/// lifetime >= 1 h: the larger of 30 minutes and lifetime/6 (botocore extends what has under 25
/// minutes left); below: lifetime/3.
[[nodiscard]] std::chrono::microseconds rotation_margin(std::chrono::microseconds lifetime);
/// In [0, 1), evenly over the ids and always the same for one: thousands of instances that began
/// together renew apart, and stay apart.
[[nodiscard]] double rotation_jitter(std::string_view instance_id);
/// expiration - margin - jitter01 * margin/4, jitter01 in [0, 1): never later than the margin.
[[nodiscard]] base::SystemTime next_rotation(base::SystemTime issued, base::SystemTime expiration,
                                             double jitter01);
/// After the nth failure in a row (n >= 1): 0.5 s, doubling, at most min(30 s, margin/4).
[[nodiscard]] std::chrono::microseconds retry_delay(unsigned failures,
                                                    std::chrono::microseconds lifetime);

}  // namespace imdsd::sts_client
