// SPDX-License-Identifier: MIT
// One question of rtnetlink(7): by which entry of the routing tables would a packet go?
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "reach/machine.h"

namespace imdsd::reach {

/// RTM_GETROUTE with RTM_F_FIB_MATCH (Linux 4.13, for IPv6 4.20): the entry, not what was made of
/// it.
[[nodiscard]] std::string route_question(const base::IpAddress& to);

/// Kind::none for what cannot be read, and for a network that is unreachable. `interface_name`
/// makes a name of an index.
[[nodiscard]] Route parse_route_answer(
    std::string_view bytes, const base::IpAddress& to,
    const std::function<std::string(unsigned index)>& interface_name);

}  // namespace imdsd::reach
