// SPDX-License-Identifier: MIT
#include "aws/query_string.h"
#include "aws/sigv4_authorization.h"
#include "aws/sigv4a.h"
#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::aws {
namespace {

constexpr std::string_view kTerminator = "aws4_request";
constexpr std::string_view kTokenParameter = "X-Amz-Security-Token";

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

bool signature_holds(const Authorization& authorization, std::string_view canonical,
                     const base::Secret& secret) {
  const CredentialScope& scope = authorization.scope;
  const std::string text = string_to_sign(authorization.amz_date, scope, canonical);
  if (!scope.region) {
    return sigv4a_signature_holds(text, authorization.signature, authorization.access_key_id,
                                  secret);
  }
  return base::constant_time_equal(signature(secret, scope, text), authorization.signature);
}

/// The head as it was before a session token was added to its query.
base::HttpRequest without_query_token(const base::HttpRequest& request) {
  base::HttpRequest head;
  head.method = request.method;
  head.target = request.path();
  head.headers = request.headers;
  std::string_view rest = request.query();
  for (char separator = '?'; const auto parameter = next_parameter(rest);) {
    const auto name = base::form_decode(parameter->name);
    if (name && *name == kTokenParameter) continue;
    head.target.append(1, separator).append(parameter->name).append("=").append(parameter->value);
    separator = '&';
  }
  return head;
}

}  // namespace

Outcome<void> check_scope(const Authorization& authorization, std::string_view service,
                          std::string_view region) {
  const CredentialScope& scope = authorization.scope;
  const std::string_view day = std::string_view(authorization.amz_date).substr(0, 8);
  std::string message;  // each sentence keeps its trailing space, as STS sends it
  const bool is_there =
      scope.region ? *scope.region == region : region_set_covers(authorization.region_set, region);
  if (!region.empty() && !is_there) {
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

base::Result<std::string> signed_request(const base::HttpRequest& request,
                                         const Authorization& authorization, PathRule rule) {
  return canonical_request(request, authorization.signed_headers,
                           payload_hash(request, authorization, rule), rule);
}

Outcome<void> verify_signature(const base::HttpRequest& request, const Authorization& authorization,
                               const base::Secret& secret_access_key, PathRule rule) {
  const std::string hash = payload_hash(request, authorization, rule);
  const auto holds = [&](const base::HttpRequest& head) {
    const auto canonical = canonical_request(head, authorization.signed_headers, hash, rule);
    return canonical && signature_holds(authorization, *canonical, secret_access_key);
  };
  if (holds(request)) return {};
  // A token proves itself, so it need not be signed: some signers add it to the URL that they have
  // signed, as all may add the header. S3 has rules of its own.
  const bool may_be_added = authorization.presigned && rule != PathRule::verbatim;
  if (may_be_added && query_value(request.query(), kTokenParameter) &&
      holds(without_query_token(request))) {
    return {};
  }
  return service_error(403, "SignatureDoesNotMatch", std::string(kSignatureMismatch));
}

}  // namespace imdsd::aws
