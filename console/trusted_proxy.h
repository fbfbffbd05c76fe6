// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>

#include "base/http_message.h"
#include "base/ip_network.h"

namespace imdsd::console {

/// A request that one of these proxies has passed on, as it was sent to the first of them: from the
/// last hop of X-Forwarded-For that is none of them, and `secure` where X-Forwarded-Proto says
/// https (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For). Nothing
/// where the peer is no such proxy: of anybody else the headers are not looked at. What is no
/// address, and all before it, counts for nothing.
[[nodiscard]] std::optional<base::HttpRequest> as_sent(const base::HttpRequest& request,
                                                       std::span<const base::IpNetwork> proxies);

}  // namespace imdsd::console
