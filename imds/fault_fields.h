// SPDX-License-Identifier: MIT
// The values of a fault rule's fields, each from its text. Errors do not name the field.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "imds/fault_rule.h"

namespace imdsd::imds {

[[nodiscard]] base::Result<FaultDoor> fault_door(std::string_view text);
/// The door whose path this is, where no door is named: "/v2/credentials/*" can be of ECS alone.
[[nodiscard]] FaultDoor fault_door_of_path(std::string_view path);
/// "iam/*", "meta-data/iam/*", "/latest/meta-data/iam/*" are the same: `meta-data/` may be left out
/// in front of what is not `dynamic`, `user-data`, `api` or begins with a star. Of another door, a
/// path that no client of it asks for is refused.
[[nodiscard]] base::Result<base::StarPattern> fault_path(FaultDoor door, std::string_view text);
/// "800ms", "100ms..2s", "p99=2s".
[[nodiscard]] base::Result<FaultLatency> fault_latency(std::string_view text);
/// "5/s", "30/m".
[[nodiscard]] base::Result<std::chrono::nanoseconds> fault_rate(std::string_view text);
/// "50%", "20".
[[nodiscard]] base::Result<FaultPortion> fault_portion(std::string_view text);
/// "5s/10s".
[[nodiscard]] base::Result<void> read_fault_cycle(std::string_view text, FaultLimit& out);
/// "-10m", "1h".
[[nodiscard]] base::Result<std::chrono::seconds> fault_clock_skew(std::string_view text);
/// Above 0, at most 1.
[[nodiscard]] base::Result<double> fault_probability(std::string_view text);
[[nodiscard]] base::Result<std::uint64_t> fault_number(std::string_view text, std::uint64_t least,
                                                       std::uint64_t most);
/// What one line of a header can hold, `most` bytes at most and not empty.
[[nodiscard]] base::Result<std::string> fault_line(std::string_view text, std::size_t most);

/// An error that ends with the text as it was given, shortened when it is long.
[[nodiscard]] tl::unexpected<base::Error> bad_fault(const std::string& message,
                                                    std::string_view text);

}  // namespace imdsd::imds
