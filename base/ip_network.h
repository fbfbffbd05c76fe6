// SPDX-License-Identifier: MIT
#pragma once

#include "base/ip_address.h"

namespace imdsd::base {

/// `address` with all but its first `bits` bits zero; the address itself for 32 (IPv4) or 128 bits
/// and more.
[[nodiscard]] IpAddress network_of(const IpAddress& address, unsigned bits);

}  // namespace imdsd::base
