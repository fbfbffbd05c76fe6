// SPDX-License-Identifier: MIT
// The guard against DNS rebinding: a page in a browser can make its own host name resolve to this
// machine, but it cannot choose the Host header that the browser sends for that name.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace imdsd::base {

/// True for a Host header that names an IP literal (IPv4, or IPv6 with or without brackets and
/// zone), `localhost`, one of `allowed_hosts`, or, with `localhost_subdomains`, a name below
/// localhost, which RFC 6761 section 6.3 keeps on this machine. A port is ignored; names compare
/// without case.
[[nodiscard]] bool host_is_allowed(std::string_view host_header,
                                   std::span<const std::string> allowed_hosts,
                                   bool localhost_subdomains);

}  // namespace imdsd::base
