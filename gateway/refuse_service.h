// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/http_message.h"
#include "gateway/exchange.h"

namespace imdsd::gateway {

/// 501 NotImplemented for a service that this daemon does not have, in the shape which that
/// service's clients read: the JSON protocols, else Query. (SDKs do not retry a 501.)
[[nodiscard]] base::HttpResponse refuse_service(Exchange& exchange, std::string_view service);

}  // namespace imdsd::gateway
