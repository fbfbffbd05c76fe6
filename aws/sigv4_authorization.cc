// SPDX-License-Identifier: MIT
#include "aws/sigv4_authorization.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "aws/query_string.h"
#include "aws/time_format.h"
#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kAlgorithmParameter = "X-Amz-Algorithm";
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
  std::optional<std::string> credential, signature, signed_headers, amz_date;
};

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
  const std::string_view algorithm = header.substr(0, header.find_first_of(" \t"));
  if (algorithm != kAlgorithm) {
    return incomplete("Unsupported AWS 'algorithm': " + in_quotes(algorithm) + ".");
  }
  IMDSD_TRY(Claim claim, split_parameters(header.substr(algorithm.size()), header));
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
  if (missing.empty()) return claim;
  return incomplete(missing + "(Hashed with SHA-256 and encoded with Base64) Authorization=" +
                    base::base64_encode(base::sha256(header)));
}

Outcome<Claim> claim_in_query(std::string_view query) {
  if (query_value(query, kAlgorithmParameter) != kAlgorithm) return no_token();
  std::string missing;
  const auto take = [&](std::string_view name) {
    auto value = query_value(query, name);
    if (!value)
      missing.append("AWS query-string parameters must include '").append(name).append("'. ");
    return value;
  };
  Claim claim;
  claim.credential = take("X-Amz-Credential");
  claim.signature = take("X-Amz-Signature");
  claim.signed_headers = take("X-Amz-SignedHeaders");
  claim.amz_date = take("X-Amz-Date");
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

Outcome<std::vector<std::string>> signed_header_names(std::string_view text) {
  std::vector<std::string> names = split(text, ';');
  std::sort(names.begin(), names.end());
  const auto has = [&](const char* name) {
    return std::binary_search(names.begin(), names.end(), name);
  };
  if (!has("host") && !has(":authority")) {
    return service_error(
        403, "SignatureDoesNotMatch",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
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

Outcome<void> take_credential(Authorization& authorization, std::string_view credential) {
  std::vector<std::string> parts = split(credential, '/');
  if (parts.size() != 5) {
    return incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term, got " +
        in_quotes(credential));
  }
  authorization.access_key_id = std::move(parts[0]);
  authorization.scope = {std::move(parts[1]), std::move(parts[2]), std::move(parts[3]),
                         std::move(parts[4])};
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
  IMDSD_TRY(authorization.signed_headers, signed_header_names(*claim.signed_headers));
  IMDSD_TRY(authorization.time, check_clock(*claim.amz_date, now));
  IMDSD_TRY_VOID(take_credential(authorization, *claim.credential));
  authorization.signature = *std::move(claim.signature);
  authorization.amz_date = *std::move(claim.amz_date);
  authorization.session_token = session_token(request, authorization);
  return authorization;
}

}  // namespace imdsd::aws
