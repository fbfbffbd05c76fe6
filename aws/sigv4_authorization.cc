// SPDX-License-Identifier: MIT
#include "aws/sigv4_authorization.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "aws/query_string.h"
#include "aws/sigv4a.h"
#include "aws/time_format.h"
#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::aws {
namespace {

constexpr std::string_view kAlgorithmParameter = "X-Amz-Algorithm";
constexpr std::string_view kRegionSet = "x-amz-region-set";
constexpr std::chrono::minutes kMaxSkew{15};

tl::unexpected<ServiceError> incomplete(std::string message) {
  return service_error(400, "IncompleteSignature", std::move(message));
}

tl::unexpected<ServiceError> no_token() {
  return service_error(403, "MissingAuthenticationToken",
                       "Request is missing Authentication Token");
}

/// What the client claims, still text.
struct Claim {
  std::string_view algorithm;  // one of the two
  std::optional<std::string> credential, signature, signed_headers, amz_date;
  std::optional<std::string> region_set;  // of SigV4A only
};

/// Nothing for an algorithm that is neither of the two.
std::optional<std::string_view> known_algorithm(std::string_view name) {
  for (const std::string_view known : {kSigV4Algorithm, kSigV4aAlgorithm}) {
    if (name == known) return known;
  }
  return std::nullopt;
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

/// The parameters behind the algorithm. Of duplicates the last one wins.
Outcome<Claim> split_parameters(std::string_view parameters, std::string_view header) {
  Claim claim;
  while (!parameters.empty()) {
    const std::string_view piece = parameters.substr(0, parameters.find(','));
    parameters.remove_prefix(std::min(parameters.size(), piece.size() + 1));
    const std::string_view pair = base::trim(piece);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      return incomplete(
          in_quotes(pair) +
          " not a valid key=value pair (missing equal-sign) in Authorization header: " +
          in_quotes(header));
    }
    const std::string_view key = pair.substr(0, equals);
    const std::string_view value = pair.substr(equals + 1);
    if (key == "Credential") claim.credential = value;
    if (key == "Signature") claim.signature = value;
    if (key == "SignedHeaders") claim.signed_headers = value;
  }
  return claim;
}

Outcome<Claim> claim_in_header(const base::HttpRequest& request, std::string_view header) {
  header = base::trim(header);
  const std::string_view word = header.substr(0, header.find_first_of(" \t"));
  const auto algorithm = known_algorithm(word);
  if (!algorithm) return incomplete("Unsupported AWS 'algorithm': " + in_quotes(word) + ".");
  IMDSD_TRY(Claim claim, split_parameters(header.substr(word.size()), header));
  claim.algorithm = *algorithm;
  for (const std::string_view name : {"x-amz-date", "date"}) {
    if (claim.amz_date) break;
    if (const auto date = request.headers.get(name)) claim.amz_date = *date;
  }
  std::string missing;
  const auto require = [&missing](bool is_there, std::string_view name) {
    if (!is_there)
      missing.append("Authorization header requires '").append(name).append("' parameter. ");
  };
  require(claim.credential.has_value(), "Credential");
  require(claim.signature.has_value(), "Signature");
  require(claim.signed_headers.has_value(), "SignedHeaders");
  if (!claim.amz_date) {
    missing +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (claim.algorithm == kSigV4aAlgorithm) {
    if (const auto set = request.headers.get(kRegionSet)) claim.region_set = *set;
    if (!claim.region_set)
      missing += "Authorization header requires existence of a 'X-Amz-Region-Set' header. ";
  }
  if (missing.empty()) return claim;
  return incomplete(missing + "(Hashed with SHA-256 and encoded with Base64) Authorization=" +
                    base::base64_encode(base::sha256(header)));
}

Outcome<Claim> claim_in_query(std::string_view query) {
  const auto algorithm = known_algorithm(query_value(query, kAlgorithmParameter).value_or(""));
  if (!algorithm) return no_token();
  std::string missing;
  const auto take = [&](std::string_view name) {
    auto value = query_value(query, name);
    if (!value)
      missing.append("AWS query-string parameters must include '").append(name).append("'. ");
    return value;
  };
  Claim claim;
  claim.algorithm = *algorithm;
  claim.credential = take("X-Amz-Credential");
  claim.signature = take("X-Amz-Signature");
  claim.signed_headers = take("X-Amz-SignedHeaders");
  claim.amz_date = take("X-Amz-Date");
  if (claim.algorithm == kSigV4aAlgorithm) claim.region_set = take("X-Amz-Region-Set");
  if (missing.empty()) return claim;
  return incomplete(missing + "Re-examine the query-string parameters.");
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  parts.reserve(1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), separator)));
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

tl::unexpected<ServiceError> not_signed(std::string_view header) {
  return service_error(403, "SignatureDoesNotMatch",
                       std::string(header) + " must be a 'SignedHeader' in the AWS Authorization.");
}

Outcome<std::vector<std::string>> signed_header_names(const Claim& claim, bool presigned) {
  std::vector<std::string> names = split(*claim.signed_headers, ';');
  std::sort(names.begin(), names.end());
  const auto has = [&](std::string_view name) {
    return std::binary_search(names.begin(), names.end(), name);
  };
  if (!has("host") && !has(":authority")) return not_signed("'Host' or ':authority'");
  // In the query it is signed with all the rest.
  if (claim.region_set && !presigned && !has(kRegionSet)) return not_signed("'X-Amz-Region-Set'");
  return names;
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

Outcome<void> take_credential(Authorization& authorization, const Claim& claim) {
  std::vector<std::string> parts = split(*claim.credential, '/');
  const bool has_region = claim.algorithm == kSigV4Algorithm;
  if (parts.size() != (has_region ? 5 : 4)) {
    return incomplete(
        std::string(has_region ? "Credential must have exactly 5 slash-delimited elements, e.g. "
                                 "keyid/date/region/service/term, got "
                               : "Credential must have exactly 4 slash-delimited elements, e.g. "
                                 "keyid/date/service/term, got ") +
        in_quotes(*claim.credential));
  }
  authorization.scope.terminator = std::move(parts.back());
  authorization.scope.service = std::move(parts[parts.size() - 2]);
  if (has_region) authorization.scope.region = std::move(parts[2]);
  authorization.scope.date = std::move(parts[1]);
  authorization.access_key_id = std::move(parts[0]);
  return {};
}

/// A signed header counts before the query, that before an unsigned header; a header-signed request
/// has its token in the header as a rule.
base::Secret session_token(const base::HttpRequest& request, const Authorization& authorization) {
  constexpr std::string_view kHeader = "x-amz-security-token";
  const auto& names = authorization.signed_headers;
  const auto header = request.headers.get(kHeader);
  const bool header_first =
      !authorization.presigned || std::binary_search(names.begin(), names.end(), kHeader);
  if (header && header_first) return base::Secret(*header);
  if (auto value = query_value(request.query(), "X-Amz-Security-Token")) {
    return base::Secret(*std::move(value));
  }
  return header ? base::Secret(*header) : base::Secret();
}

}  // namespace

bool is_signed(const base::HttpRequest& request) {
  return request.headers.has("authorization") ||
         query_value(request.query(), kAlgorithmParameter).has_value();
}

Outcome<Authorization> parse_authorization(const base::HttpRequest& request, base::SystemTime now) {
  if (auto ok = check_target(request); !ok) return tl::unexpected(std::move(ok).error());
  const auto header = request.headers.get("authorization");
  const bool presigned = query_value(request.query(), kAlgorithmParameter).has_value();
  if (header && presigned) {
    return service_error(403, "SignatureDoesNotMatch", std::string(kSignatureMismatch));
  }
  if (!header && !presigned) return no_token();

  IMDSD_TRY(Claim claim,
            presigned ? claim_in_query(request.query()) : claim_in_header(request, *header));
  Authorization authorization;
  authorization.presigned = presigned;
  IMDSD_TRY(authorization.signed_headers, signed_header_names(claim, presigned));
  IMDSD_TRY(authorization.time, check_clock(*claim.amz_date, now));
  IMDSD_TRY_VOID(take_credential(authorization, claim));
  authorization.signature = *std::move(claim.signature);
  authorization.amz_date = *std::move(claim.amz_date);
  authorization.region_set = std::move(claim.region_set).value_or("");
  authorization.session_token = session_token(request, authorization);
  return authorization;
}

}  // namespace imdsd::aws
