// SPDX-License-Identifier: MIT
#pragma once

#include "base/http_message.h"
#include "gateway/exchange.h"

namespace imdsd::gateway {

/// A call to STS or IAM, signed or not. Without an action, or a POST that is no form, both send the
/// caller to the product page of IAM.
[[nodiscard]] base::HttpResponse serve_sts(Exchange& exchange);
[[nodiscard]] base::HttpResponse serve_iam(Exchange& exchange);

}  // namespace imdsd::gateway
