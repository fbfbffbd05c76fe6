// SPDX-License-Identifier: MIT
// Signatures as S3 judges them. The algorithm is that of all services; the errors, their order and
// what a presigned URL may be are S3's own
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html). All pure.
#pragma once

#include <string_view>

#include "aws/s3_error.h"
#include "aws/sigv4_authorization.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "base/secret.h"

namespace imdsd::aws {

/// All that S3 says before it looks the key up: syntax, scope (a wrong region before a wrong
/// service), time, and headers X-Amz-* that were sent but not signed. A presigned URL lives for its
/// X-Amz-Expires, at most a week; other requests may be 15 minutes off. `region`: that of the
/// bucket; empty accepts any. The request must carry a signature.
[[nodiscard]] S3Outcome<Authorization> parse_s3_authorization(const base::HttpRequest& request,
                                                              std::string_view region,
                                                              base::SystemTime now);

/// What it says of the key and its token, in this order.
[[nodiscard]] S3Error s3_malformed_token(const Authorization& authorization);
[[nodiscard]] S3Error s3_unknown_key(const Authorization& authorization);
[[nodiscard]] S3Error s3_expired_token(const Authorization& authorization);

/// The signature itself, compared in constant time; the error tells what was signed.
[[nodiscard]] S3Outcome<void> verify_s3_signature(const base::HttpRequest& request,
                                                  const Authorization& authorization,
                                                  const base::Secret& secret_access_key);

}  // namespace imdsd::aws
