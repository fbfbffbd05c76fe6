// SPDX-License-Identifier: MIT
// Signature Version 4, in the documentation's own steps
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html). All pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/http_message.h"
#include "base/result.h"
#include "base/secret.h"

namespace imdsd::aws {

/// 20150830/us-east-1/iam/aws4_request; without the region for SigV4A.
struct CredentialScope {
  std::string date;
  std::optional<std::string> region;  // empty text: the scope has a region, of no name
  std::string service, terminator;
  [[nodiscard]] std::string to_string() const;
  /// AWS4-HMAC-SHA256, or AWS4-ECDSA-P256-SHA256 without a region.
  [[nodiscard]] std::string_view algorithm() const;
};

inline constexpr std::string_view kSigV4Algorithm = "AWS4-HMAC-SHA256";

/// How a service canonicalizes the path: S3 takes it as it stands, all others normalize it and
/// encode it once more.
enum class PathRule { normalize_and_encode_twice, verbatim };

[[nodiscard]] base::Result<std::string> canonical_uri(std::string_view path, PathRule rule);
/// Sorted, re-encoded; X-Amz-Signature left out.
[[nodiscard]] base::Result<std::string> canonical_query(std::string_view query);
/// `signed_headers`: lower-case names, sorted.
[[nodiscard]] base::Result<std::string> canonical_request(
    const base::HttpRequest& request, std::span<const std::string> signed_headers,
    std::string_view payload_hash, PathRule rule);
[[nodiscard]] std::string string_to_sign(std::string_view amz_date, const CredentialScope& scope,
                                         std::string_view canonical_request);
/// SigV4 only: the key of one day, region and service.
[[nodiscard]] base::Secret signing_key(const base::Secret& secret_access_key,
                                       const CredentialScope& scope);
/// SigV4 only; lower-case hex.
[[nodiscard]] std::string signature(const base::Secret& secret_access_key,
                                    const CredentialScope& scope, std::string_view string_to_sign);

/// Signs in place: adds X-Amz-Date, X-Amz-Security-Token (with a token) and Authorization; for S3
/// X-Amz-Content-SHA256 unless it is there, as for a body in chunks. Host must be there.
struct SigningKey {
  std::string access_key_id;
  const base::Secret* secret_access_key = nullptr;
  const base::Secret* session_token = nullptr;  // none for a long-term key
};
[[nodiscard]] base::Result<void> sign(base::HttpRequest& request, const SigningKey& key,
                                      std::string_view region, std::string_view service,
                                      base::SystemTime now);

}  // namespace imdsd::aws
