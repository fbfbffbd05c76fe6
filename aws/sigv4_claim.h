// SPDX-License-Identifier: MIT
// What a request says about its own signature, taken apart but not judged: which errors that gives,
// and in which order, differs between the Query services and S3.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/sigv4.h"
#include "base/http_message.h"
#include "base/secret.h"

namespace imdsd::aws {

inline constexpr std::string_view kRegionSetHeader = "x-amz-region-set";

struct SignatureClaim {
  bool presigned = false;
  std::string algorithm;
  std::optional<std::string> broken_parameter;  // of the header: one without an equal-sign
  std::optional<std::string> credential, signature, signed_headers;
  std::optional<std::string> amz_date;    // in a header X-Amz-Date, or Date
  std::optional<std::string> region_set;  // X-Amz-Region-Set, with SigV4A only
  std::optional<std::string> expires;     // X-Amz-Expires, presigned only

  /// Neither SigV4 nor SigV4A.
  [[nodiscard]] bool is_of_unknown_algorithm() const;
};

[[nodiscard]] bool is_header_signed(const base::HttpRequest& request);
[[nodiscard]] bool is_presigned(const base::HttpRequest& request);

/// The Authorization header, which must be there. Of duplicate parameters the last one wins, of
/// duplicate headers the first one.
[[nodiscard]] SignatureClaim claim_in_header(const base::HttpRequest& request);
[[nodiscard]] SignatureClaim claim_in_query(const base::HttpRequest& request);

struct ClaimedCredential {
  std::string access_key_id;
  CredentialScope scope;
};
/// keyid/date/region/service/term, without the region for SigV4A; nothing for any other number of
/// parts.
[[nodiscard]] std::optional<ClaimedCredential> split_credential(const SignatureClaim& claim);
/// Sorted.
[[nodiscard]] std::vector<std::string> split_signed_headers(const SignatureClaim& claim);
/// Empty without one. A signed header counts before the query, that before an unsigned header; a
/// header-signed request has its token in the header as a rule.
[[nodiscard]] base::Secret claimed_token(const base::HttpRequest& request, bool presigned,
                                         const std::vector<std::string>& signed_headers);

}  // namespace imdsd::aws
