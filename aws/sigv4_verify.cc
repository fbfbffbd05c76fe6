// SPDX-License-Identifier: MIT
#include "aws/query_string.h"
#include "aws/sigv4_authorization.h"
#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::aws {
namespace {

constexpr std::string_view kTerminator = "aws4_request";

std::string in_quotes(std::string_view text) {
  return "'" + std::string(text) + "'";
}

/// S3 says what was hashed, in a header or, presigned, in the query, and checks the body against it
/// later; nothing in a presigned URL means an unsigned body
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html). All others hash
/// the body.
std::string payload_hash(const base::HttpRequest& request, const Authorization& authorization,
                         PathRule rule) {
  if (rule == PathRule::verbatim) {
    if (const auto header = request.headers.get("x-amz-content-sha256"))
      return std::string(*header);
    if (authorization.presigned) {
      return query_value(request.query(), "X-Amz-Content-Sha256").value_or("UNSIGNED-PAYLOAD");
    }
  }
  return base::hex_encode(base::sha256(request.body));
}

}  // namespace

Outcome<void> check_scope(const Authorization& authorization, std::string_view service,
                          std::string_view region) {
  const CredentialScope& scope = authorization.scope;
  const std::string_view day = std::string_view(authorization.amz_date).substr(0, 8);
  std::string message;  // each sentence keeps its trailing space, as STS sends it
  if (!region.empty() && scope.region != region) {
    message += "Credential should be scoped to a valid region. ";
  }
  if (scope.service != service) {
    message += "Credential should be scoped to correct service: " + in_quotes(service) + ". ";
  }
  if (scope.terminator != kTerminator) {
    message += "Credential should be scoped with a valid terminator: 'aws4_request', not " +
               in_quotes(scope.terminator) + ". ";
  }
  if (scope.date != day) {
    message +=
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
        "HTTP: " +
        in_quotes(scope.date) + " != " + in_quotes(day) + ", from " +
        in_quotes(authorization.amz_date) + ". ";
  }
  if (message.empty()) return {};
  return service_error(403, "SignatureDoesNotMatch", std::move(message));
}

Outcome<void> verify_signature(const base::HttpRequest& request, const Authorization& authorization,
                               const base::Secret& secret_access_key, PathRule rule) {
  const auto canonical = canonical_request(request, authorization.signed_headers,
                                           payload_hash(request, authorization, rule), rule);
  if (canonical) {
    const std::string expected =
        signature(secret_access_key, authorization.scope,
                  string_to_sign(authorization.amz_date, authorization.scope, *canonical));
    if (base::constant_time_equal(expected, authorization.signature)) return {};
  }
  return service_error(403, "SignatureDoesNotMatch", std::string(kSignatureMismatch));
}

}  // namespace imdsd::aws
