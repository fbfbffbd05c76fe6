// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>

#include "aws/service_error.h"
#include "base/http_message.h"
#include "iam/caller.h"

namespace imdsd::gateway {

/// Keeps web pages out. A page reaches this port under a name of its own (DNS rebinding), which the
/// Host header shows, or across origins, which Origin or Sec-Fetch-Site show; the latter is fine
/// for a request whose signature will be enforced, since a page has no keys. All names below one of
/// `domains` are allowed, as those of S3's buckets are. 403 AccessDenied, or nothing.
[[nodiscard]] std::optional<aws::ServiceError> refuse_browsers(
    const base::HttpRequest& request, std::span<const std::string> allowed_hosts,
    std::span<const std::string> domains, iam::AuthMode mode);

}  // namespace imdsd::gateway
