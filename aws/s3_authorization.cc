// SPDX-License-Identifier: MIT
#include "aws/s3_authorization.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/sigv4_claim.h"
#include "aws/sigv4a.h"
#include "aws/time_format.h"
#include "base/codec.h"

namespace imdsd::aws {
namespace {

constexpr std::chrono::minutes kMaxSkew{15};
constexpr std::chrono::seconds kMaxExpires = std::chrono::days(7);

std::string in_double_quotes(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

/// Header and query have each their code, and their way into the sentence.
tl::unexpected<S3Error> malformed(const SignatureClaim& claim, std::string_view rest) {
  if (claim.presigned) {
    return tl::unexpected(
        S3Error{400, "AuthorizationQueryParametersError",
                "Error parsing the X-Amz-Credential parameter; " + std::string(rest)});
  }
  return tl::unexpected(S3Error{400, "AuthorizationHeaderMalformed",
                                "The authorization header is malformed; " + std::string(rest)});
}

tl::unexpected<S3Error> bad_query(std::string message) {
  return tl::unexpected(S3Error{400, "AuthorizationQueryParametersError", std::move(message)});
}

tl::unexpected<S3Error> denied(std::string message,
                               std::vector<std::pair<std::string, std::string>> details = {}) {
  return tl::unexpected(S3Error{403, "AccessDenied", std::move(message), std::move(details)});
}

S3Outcome<void> check_parts(const SignatureClaim& claim) {
  const bool complete = claim.credential && claim.signature && claim.signed_headers;
  if (claim.presigned) {
    if (!complete || !claim.amz_date || !claim.expires) {
      return bad_query(
          "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
          "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
    }
    if (claim.is_of_unknown_algorithm()) {
      return bad_query(
          "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"");
    }
    return {};
  }
  if (claim.is_of_unknown_algorithm()) {
    return tl::unexpected(S3Error{400, "InvalidArgument", "Unsupported Authorization Type"});
  }
  if (claim.broken_parameter) {
    return malformed(claim, "the authorization component " +
                                in_double_quotes(*claim.broken_parameter) + " is malformed.");
  }
  if (!complete) {
    return malformed(claim,
                     "the authorization header requires three components: Credential, "
                     "SignedHeaders, and Signature.");
  }
  return {};
}

S3Outcome<base::SystemTime> read_date(const SignatureClaim& claim) {
  if (auto time = parse_basic(claim.amz_date.value_or(""))) return *time;
  if (claim.presigned) {
    return bad_query("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
  return denied("AWS authentication requires a valid Date or x-amz-date header");
}

bool names_region(const Authorization& authorization, std::string_view region) {
  const auto& named = authorization.scope.region;
  return region.empty() ||
         (named ? *named == region : region_set_covers(authorization.region_set, region));
}

S3Outcome<void> check_scope(const SignatureClaim& claim, const Authorization& authorization,
                            std::string_view region) {
  const CredentialScope& scope = authorization.scope;
  if (scope.date != std::string_view(authorization.amz_date).substr(0, 8)) {
    return malformed(claim, "Invalid credential date. Date is not the same as X-Amz-Date.");
  }
  if (!names_region(authorization, region)) {
    auto error = malformed(claim, "the region '" + scope.region.value_or(authorization.region_set) +
                                      "' is wrong; expecting '" + std::string(region) + "'");
    error.value().details = {{"Region", std::string(region)}};
    error.value().bucket_region = region;
    return error;
  }
  if (scope.service != "s3") {
    return malformed(claim, "incorrect service " + in_double_quotes(scope.service) +
                                ". This endpoint belongs to \"s3\".");
  }
  if (scope.terminator != "aws4_request") {
    return malformed(claim, "incorrect terminal " + in_double_quotes(scope.terminator) +
                                ". This endpoint uses \"aws4_request\".");
  }
  return {};
}

S3Outcome<std::chrono::seconds> read_expires(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_number = !text.empty() && end == text.data() + text.size();
  if (!is_number || error == std::errc::invalid_argument) {
    return bad_query("X-Amz-Expires should be a number");
  }
  if (text.front() == '-') return bad_query("X-Amz-Expires must be non-negative");
  if (error != std::errc() || seconds > kMaxExpires.count()) {
    return bad_query(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
        "must be less than 604800 seconds");
  }
  return std::chrono::seconds(seconds);
}

S3Outcome<void> check_expiry(const Authorization& authorization, std::string_view expires,
                             base::SystemTime now) {
  const auto lifetime = read_expires(expires);
  if (!lifetime) return tl::unexpected(lifetime.error());
  const auto end = authorization.time + *lifetime;
  std::vector<std::pair<std::string, std::string>> details{
      {"X-Amz-Expires", std::to_string(lifetime->count())},
      {"Expires", format_iso8601(end)},
      {"ServerTime", format_iso8601(now)}};
  if (authorization.time > now + kMaxSkew) {
    return denied("Request is not yet valid", std::move(details));
  }
  if (now > end) return denied("Request has expired", std::move(details));
  return {};
}

S3Outcome<void> check_skew(const Authorization& authorization, base::SystemTime now) {
  if (std::chrono::abs(authorization.time - now) <= kMaxSkew) return {};
  return tl::unexpected(
      S3Error{403,
              "RequestTimeTooSkewed",
              "The difference between the request time and the current time is too large.",
              {{"RequestTime", authorization.amz_date},
               {"ServerTime", format_iso8601(now)},
               {"MaxAllowedSkewMilliseconds",
                std::to_string(std::chrono::milliseconds(kMaxSkew).count())}}});
}

S3Outcome<void> check_headers(const base::HttpRequest& request,
                              const std::vector<std::string>& signed_headers) {
  std::string missing;
  for (const auto& line : request.headers.lines()) {
    const std::string name = base::to_lower(line.name);
    const bool must_be_signed = name == "host" || name.starts_with("x-amz-");
    if (!must_be_signed || std::binary_search(signed_headers.begin(), signed_headers.end(), name)) {
      continue;
    }
    missing.append(missing.empty() ? "" : ", ").append(name);
  }
  if (missing.empty()) return {};
  return denied("There were headers present in the request which were not signed",
                {{"HeadersNotSigned", std::move(missing)}});
}

/// "41 57 53": a mismatch of white space is found in this.
std::string spelled_out(std::string_view text) {
  const std::string hex = base::hex_encode(text);
  std::string out;
  out.reserve(hex.size() * 3 / 2);
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    if (at > 0) out.push_back(' ');
    out.append(hex, at, 2);
  }
  return out;
}

}  // namespace

S3Outcome<Authorization> parse_s3_authorization(const base::HttpRequest& request,
                                                std::string_view region, base::SystemTime now) {
  const bool presigned = is_presigned(request);
  if (presigned && is_header_signed(request)) {
    return tl::unexpected(S3Error{
        400, "InvalidArgument",
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
        "query string parameter or the Authorization header should be specified"});
  }
  SignatureClaim claim = presigned ? claim_in_query(request) : claim_in_header(request);
  IMDSD_TRY_VOID(check_parts(claim));
  Authorization authorization;
  authorization.presigned = presigned;
  IMDSD_TRY(authorization.time, read_date(claim));
  auto credential = split_credential(claim);
  if (!credential) {
    return malformed(claim,
                     "the Credential is mal-formed; expecting "
                     "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
  }
  authorization.access_key_id = std::move(credential->access_key_id);
  authorization.scope = std::move(credential->scope);
  authorization.amz_date = *claim.amz_date;
  authorization.region_set = claim.region_set.value_or("");
  authorization.signature = *claim.signature;
  authorization.signed_headers = split_signed_headers(claim);
  authorization.session_token = claimed_token(request, presigned, authorization.signed_headers);
  IMDSD_TRY_VOID(check_scope(claim, authorization, region));
  now = floor_to_second(now);
  IMDSD_TRY_VOID(presigned ? check_expiry(authorization, *claim.expires, now)
                           : check_skew(authorization, now));
  IMDSD_TRY_VOID(check_headers(request, authorization.signed_headers));
  return authorization;
}

S3Error s3_malformed_token(const Authorization& authorization) {
  return {400,
          "InvalidToken",
          "The provided token is malformed or otherwise invalid.",
          {{"Token-0", std::string(authorization.session_token.reveal())}}};
}

S3Error s3_unknown_key(const Authorization& authorization) {
  return {403,
          "InvalidAccessKeyId",
          "The AWS Access Key Id you provided does not exist in our records.",
          {{"AWSAccessKeyId", authorization.access_key_id}}};
}

S3Error s3_expired_token(const Authorization& authorization) {
  return {400,
          "ExpiredToken",
          "The provided token has expired.",
          {{"Token-0", std::string(authorization.session_token.reveal())}}};
}

S3Outcome<void> verify_s3_signature(const base::HttpRequest& request,
                                    const Authorization& authorization,
                                    const base::Secret& secret_access_key) {
  if (verify_signature(request, authorization, secret_access_key, PathRule::verbatim)) return {};
  S3Error error{403,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. "
                "Check your key and signing method.",
                {{"AWSAccessKeyId", authorization.access_key_id}}};
  if (const auto canonical = signed_request(request, authorization, PathRule::verbatim)) {
    const std::string text =
        string_to_sign(authorization.amz_date, authorization.scope, *canonical);
    error.details.insert(error.details.end(), {{"StringToSign", text},
                                               {"SignatureProvided", authorization.signature},
                                               {"StringToSignBytes", spelled_out(text)},
                                               {"CanonicalRequest", *canonical},
                                               {"CanonicalRequestBytes", spelled_out(*canonical)}});
  }
  return tl::unexpected(std::move(error));
}

}  // namespace imdsd::aws
