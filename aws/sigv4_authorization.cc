// SPDX-License-Identifier: MIT
#include "aws/sigv4_authorization.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "aws/query_string.h"
#include "aws/sigv4_claim.h"
#include "aws/sigv4a.h"
#include "aws/time_format.h"
#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::aws {
namespace {

constexpr std::chrono::minutes kMaxSkew{15};

tl::unexpected<ServiceError> incomplete(std::string message) {
  return service_error(400, "IncompleteSignature", std::move(message));
}

tl::unexpected<ServiceError> no_token() {
  return service_error(403, "MissingAuthenticationToken",
                       "Request is missing Authentication Token");
}

std::string in_quotes(std::string_view text) {
  return "'" + std::string(text) + "'";
}

Outcome<void> check_target(const base::HttpRequest& request) {
  if (const auto ok = check_escapes(request.path()); !ok) {
    return service_error(400, "InvalidURIPath", ok.error().message);
  }
  if (const auto ok = check_escapes(request.query()); !ok) {
    return service_error(400, "MalformedQueryString", ok.error().message);
  }
  return {};
}

Outcome<void> check_header(const SignatureClaim& claim, std::string_view header) {
  if (claim.is_of_unknown_algorithm()) {
    return incomplete("Unsupported AWS 'algorithm': " + in_quotes(claim.algorithm) + ".");
  }
  if (claim.broken_parameter) {
    return incomplete(in_quotes(*claim.broken_parameter) +
                      " not a valid key=value pair (missing equal-sign) in Authorization header: " +
                      in_quotes(header));
  }
  std::string missing;
  const auto require = [&missing](bool is_there, std::string_view sentence) {
    if (!is_there) missing.append("Authorization header requires ").append(sentence).append(" ");
  };
  require(claim.credential.has_value(), "'Credential' parameter.");
  require(claim.signature.has_value(), "'Signature' parameter.");
  require(claim.signed_headers.has_value(), "'SignedHeaders' parameter.");
  require(claim.amz_date.has_value(), "existence of either a 'X-Amz-Date' or a 'Date' header.");
  require(claim.region_set || claim.algorithm != kSigV4aAlgorithm,
          "existence of a 'X-Amz-Region-Set' header.");
  if (missing.empty()) return {};
  return incomplete(missing + "(Hashed with SHA-256 and encoded with Base64) Authorization=" +
                    base::base64_encode(base::sha256(header)));
}

Outcome<void> check_query(const SignatureClaim& claim) {
  if (claim.is_of_unknown_algorithm()) return no_token();
  std::string missing;
  const auto require = [&missing](bool is_there, std::string_view name) {
    if (!is_there)
      missing.append("AWS query-string parameters must include '").append(name).append("'. ");
  };
  require(claim.credential.has_value(), "X-Amz-Credential");
  require(claim.signature.has_value(), "X-Amz-Signature");
  require(claim.signed_headers.has_value(), "X-Amz-SignedHeaders");
  require(claim.amz_date.has_value(), "X-Amz-Date");
  require(claim.region_set || claim.algorithm != kSigV4aAlgorithm, "X-Amz-Region-Set");
  if (missing.empty()) return {};
  return incomplete(missing + "Re-examine the query-string parameters.");
}

Outcome<void> check_signed_headers(const SignatureClaim& claim,
                                   const std::vector<std::string>& names) {
  const auto has = [&](std::string_view name) {
    return std::binary_search(names.begin(), names.end(), name);
  };
  const auto not_signed = [](std::string_view header) {
    return service_error(
        403, "SignatureDoesNotMatch",
        std::string(header) + " must be a 'SignedHeader' in the AWS Authorization.");
  };
  if (!has("host") && !has(":authority")) return not_signed("'Host' or ':authority'");
  // In the query it is signed with all the rest.
  if (claim.region_set && !claim.presigned && !has(kRegionSetHeader)) {
    return not_signed("'X-Amz-Region-Set'");
  }
  return {};
}

/// Fifteen minutes both ways, by whole seconds: what the message prints is what was compared.
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html)
Outcome<base::SystemTime> check_clock(std::string_view amz_date, base::SystemTime now) {
  const auto time = parse_basic(amz_date);
  if (!time) {
    return incomplete("Date must be in ISO-8601 'basic format'. Got " + in_quotes(amz_date) +
                      ". See http://en.wikipedia.org/wiki/ISO_8601");
  }
  now = floor_to_second(now);
  const auto refusal = [&](std::string_view verdict, base::SystemTime limit,
                           std::string_view sign) {
    return service_error(403, "SignatureDoesNotMatch",
                         "Signature " + std::string(verdict) + " than " + format_basic(limit) +
                             " (" + format_basic(now) + std::string(sign) + "15 min.)");
  };
  const std::string sent(amz_date);
  if (*time < now - kMaxSkew) {
    return refusal("expired: " + sent + " is now earlier", now - kMaxSkew, " - ");
  }
  if (*time > now + kMaxSkew) {
    return refusal("not yet current: " + sent + " is still later", now + kMaxSkew, " + ");
  }
  return *time;
}

Outcome<ClaimedCredential> take_credential(const SignatureClaim& claim) {
  if (auto credential = split_credential(claim)) return *std::move(credential);
  const bool has_region = claim.algorithm == kSigV4Algorithm;
  return incomplete(
      std::string(has_region ? "Credential must have exactly 5 slash-delimited elements, e.g. "
                               "keyid/date/region/service/term, got "
                             : "Credential must have exactly 4 slash-delimited elements, e.g. "
                               "keyid/date/service/term, got ") +
      in_quotes(*claim.credential));
}

}  // namespace

bool is_signed(const base::HttpRequest& request) {
  return is_header_signed(request) || is_presigned(request);
}

Outcome<Authorization> parse_authorization(const base::HttpRequest& request, base::SystemTime now) {
  IMDSD_TRY_VOID(check_target(request));
  const auto header = request.headers.get("authorization");
  const bool presigned = is_presigned(request);
  if (header && presigned) {
    return service_error(403, "SignatureDoesNotMatch", std::string(kSignatureMismatch));
  }
  if (!header && !presigned) return no_token();

  SignatureClaim claim = presigned ? claim_in_query(request) : claim_in_header(request);
  IMDSD_TRY_VOID(presigned ? check_query(claim) : check_header(claim, base::trim(*header)));
  Authorization authorization;
  authorization.presigned = presigned;
  authorization.signed_headers = split_signed_headers(claim);
  IMDSD_TRY_VOID(check_signed_headers(claim, authorization.signed_headers));
  IMDSD_TRY(authorization.time, check_clock(*claim.amz_date, now));
  IMDSD_TRY(ClaimedCredential credential, take_credential(claim));
  authorization.access_key_id = std::move(credential.access_key_id);
  authorization.scope = std::move(credential.scope);
  authorization.signature = *std::move(claim.signature);
  authorization.amz_date = *std::move(claim.amz_date);
  authorization.region_set = std::move(claim.region_set).value_or("");
  authorization.session_token = claimed_token(request, presigned, authorization.signed_headers);
  return authorization;
}

}  // namespace imdsd::aws
