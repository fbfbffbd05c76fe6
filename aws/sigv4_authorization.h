// SPDX-License-Identifier: MIT
// What a request says about its own signature, SigV4 or SigV4A, and whether that holds. The order
// and the texts of the errors are those that STS and IAM were seen to use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/service_error.h"
#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "base/secret.h"

namespace imdsd::aws {

inline constexpr std::string_view kSignatureMismatch =
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key "
    "and signing method. Consult the service documentation for details.";

/// From an Authorization header, or from the query parameters of a presigned URL.
struct Authorization {
  std::string access_key_id;
  CredentialScope scope;
  std::string region_set;  // SigV4A: X-Amz-Region-Set, as sent
  std::vector<std::string> signed_headers;
  std::string signature;
  std::string amz_date;  // as sent
  base::SystemTime time;
  bool presigned = false;
  base::Secret session_token;  // empty: none was sent
};

/// True when the request carries a signature at all (Authorization header, or X-Amz-Algorithm in
/// the query).
[[nodiscard]] bool is_signed(const base::HttpRequest& request);

/// Syntax, date format, clock skew, shape of the credential, in AWS's order.
/// Clock skew is bounded by 15 minutes both ways; a presigned STS request lives 15 minutes whatever
/// X-Amz-Expires says.
[[nodiscard]] Outcome<Authorization> parse_authorization(const base::HttpRequest& request,
                                                         base::SystemTime now);

/// The credential scope names this service, the terminator and the request's day, and the scope or
/// the region set the region. `region`: empty accepts any.
[[nodiscard]] Outcome<void> check_scope(const Authorization& authorization,
                                        std::string_view service, std::string_view region);

/// The canonical request that the signature is about.
[[nodiscard]] base::Result<std::string> signed_request(const base::HttpRequest& request,
                                                       const Authorization& authorization,
                                                       PathRule rule);

/// The signature itself, compared in constant time. 403 SignatureDoesNotMatch when it does not
/// hold.
[[nodiscard]] Outcome<void> verify_signature(const base::HttpRequest& request,
                                             const Authorization& authorization,
                                             const base::Secret& secret_access_key, PathRule rule);

}  // namespace imdsd::aws
