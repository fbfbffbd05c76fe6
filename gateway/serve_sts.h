// SPDX-License-Identifier: MIT
#pragma once

#include "base/http_message.h"
#include "gateway/exchange.h"

namespace imdsd::gateway {

/// A call to STS, signed or not. Without an action, or a POST that is no form, STS sends the caller
/// to the product page of IAM.
[[nodiscard]] base::HttpResponse serve_sts(Exchange& exchange);

}  // namespace imdsd::gateway
