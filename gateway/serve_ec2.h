// SPDX-License-Identifier: MIT
#pragma once

#include "gateway/exchange.h"

namespace imdsd::gateway {

/// EC2's Query API, which has lists, errors and refusals of its own.
[[nodiscard]] base::HttpResponse serve_ec2(Exchange& exchange);

}  // namespace imdsd::gateway
