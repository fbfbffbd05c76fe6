// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"

namespace imdsd::http {

/// The addresses of a host name, by /etc/hosts and DNS; no other source is asked. Blocks for as
/// long as `timeout`, never longer. Errc::unavailable when there is no answer, or no such name.
[[nodiscard]] base::Result<std::vector<base::IpAddress>> resolve(const std::string& host,
                                                                 std::chrono::milliseconds timeout);

}  // namespace imdsd::http
