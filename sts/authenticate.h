// SPDX-License-Identifier: MIT
#pragma once

#include "aws/service_error.h"
#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "iam/caller.h"
#include "sts/authority.h"

namespace imdsd::sts {

/// Who signed this request. SigV4 in header or query; a long-term key from the directory, or a
/// temporary one from its session token. Errors in STS's own order and words: scope, key, expiry,
/// role, signature. A service whose errors look different (S3) maps the codes. `service`: the name
/// the scope must carry.
[[nodiscard]] aws::Outcome<iam::Caller> authenticate(const base::HttpRequest& request,
                                                     std::string_view service,
                                                     aws::PathRule path_rule,
                                                     const Authority& authority,
                                                     base::SystemTime now);

}  // namespace imdsd::sts
