// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "aws/s3_error.h"
#include "aws/service_error.h"
#include "aws/sigv4_authorization.h"
#include "aws/sigv4_chunk.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "iam/caller.h"
#include "sts/authority.h"

namespace imdsd::sts {

/// Who signed this request. SigV4 in header or query; a long-term key from the directory, or a
/// temporary one from its session token. Errors in STS's own order and words: scope, key, expiry,
/// role, signature. `service`: the name the scope must carry.
[[nodiscard]] aws::Outcome<iam::Caller> authenticate(const base::HttpRequest& request,
                                                     std::string_view service,
                                                     aws::PathRule path_rule,
                                                     const Authority& authority,
                                                     base::SystemTime now);

/// Who signed a request to S3, and what S3 needs of the signature besides.
struct S3Authentication {
  iam::Caller caller;
  aws::Authorization authorization;
  /// For a body of signed chunks. Nothing for all others, and where no secret was looked up.
  std::optional<aws::ChunkSignatures> chunk_signatures = {};
};

/// The same for S3, in its order and words: scope, headers that are not signed, form of the token,
/// key, expiry, role, signature. `region`: that of the bucket; empty accepts any. The request must
/// carry a signature: without one it is anonymous, and no error yet.
[[nodiscard]] aws::S3Outcome<S3Authentication> authenticate_s3(const base::HttpRequest& request,
                                                               std::string_view region,
                                                               const Authority& authority,
                                                               base::SystemTime now);

}  // namespace imdsd::sts
