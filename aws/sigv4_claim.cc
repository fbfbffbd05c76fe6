// SPDX-License-Identifier: MIT
#include "aws/sigv4_claim.h"

#include <algorithm>
#include <utility>

#include "aws/query_string.h"
#include "aws/sigv4a.h"
#include "base/codec.h"

namespace imdsd::aws {
namespace {

constexpr std::string_view kAlgorithmParameter = "X-Amz-Algorithm";
constexpr std::string_view kTokenHeader = "x-amz-security-token";
constexpr std::string_view kTokenParameter = "X-Amz-Security-Token";

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

void split_parameters(std::string_view parameters, SignatureClaim& claim) {
  while (!parameters.empty()) {
    const std::string_view piece = parameters.substr(0, parameters.find(','));
    parameters.remove_prefix(std::min(parameters.size(), piece.size() + 1));
    const std::string_view pair = base::trim(piece);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      claim.broken_parameter = pair;
      return;
    }
    const std::string_view key = pair.substr(0, equals);
    const std::string_view value = pair.substr(equals + 1);
    if (key == "Credential") claim.credential = value;
    if (key == "Signature") claim.signature = value;
    if (key == "SignedHeaders") claim.signed_headers = value;
  }
}

}  // namespace

bool SignatureClaim::is_of_unknown_algorithm() const {
  return algorithm != kSigV4Algorithm && algorithm != kSigV4aAlgorithm;
}

bool is_header_signed(const base::HttpRequest& request) {
  return request.headers.has("authorization");
}

bool is_presigned(const base::HttpRequest& request) {
  return query_value(request.query(), kAlgorithmParameter).has_value();
}

SignatureClaim claim_in_header(const base::HttpRequest& request) {
  const std::string_view header = base::trim(request.headers.get("authorization").value_or(""));
  SignatureClaim claim;
  claim.algorithm = header.substr(0, header.find_first_of(" \t"));
  split_parameters(header.substr(claim.algorithm.size()), claim);
  for (const std::string_view name : {"x-amz-date", "date"}) {
    if (claim.amz_date) break;
    if (const auto date = request.headers.get(name)) claim.amz_date = *date;
  }
  if (claim.algorithm == kSigV4aAlgorithm) {
    if (const auto set = request.headers.get(kRegionSetHeader)) claim.region_set = *set;
  }
  return claim;
}

SignatureClaim claim_in_query(const base::HttpRequest& request) {
  const std::string_view query = request.query();
  SignatureClaim claim;
  claim.presigned = true;
  claim.algorithm = query_value(query, kAlgorithmParameter).value_or("");
  claim.credential = query_value(query, "X-Amz-Credential");
  claim.signature = query_value(query, "X-Amz-Signature");
  claim.signed_headers = query_value(query, "X-Amz-SignedHeaders");
  claim.amz_date = query_value(query, "X-Amz-Date");
  claim.expires = query_value(query, "X-Amz-Expires");
  if (claim.algorithm == kSigV4aAlgorithm) {
    claim.region_set = query_value(query, "X-Amz-Region-Set");
  }
  return claim;
}

std::optional<ClaimedCredential> split_credential(const SignatureClaim& claim) {
  std::vector<std::string> parts = split(claim.credential.value_or(""), '/');
  const bool has_region = claim.algorithm != kSigV4aAlgorithm;
  if (parts.size() != (has_region ? 5 : 4)) return std::nullopt;
  ClaimedCredential credential;
  credential.scope.terminator = std::move(parts.back());
  credential.scope.service = std::move(parts[parts.size() - 2]);
  if (has_region) credential.scope.region = std::move(parts[2]);
  credential.scope.date = std::move(parts[1]);
  credential.access_key_id = std::move(parts[0]);
  return credential;
}

std::vector<std::string> split_signed_headers(const SignatureClaim& claim) {
  std::vector<std::string> names = split(claim.signed_headers.value_or(""), ';');
  std::sort(names.begin(), names.end());
  return names;
}

base::Secret claimed_token(const base::HttpRequest& request, bool presigned,
                           const std::vector<std::string>& signed_headers) {
  const auto header = request.headers.get(kTokenHeader);
  const bool header_first =
      !presigned || std::binary_search(signed_headers.begin(), signed_headers.end(), kTokenHeader);
  if (header && header_first) return base::Secret(*header);
  if (auto value = query_value(request.query(), kTokenParameter)) {
    return base::Secret(*std::move(value));
  }
  return header ? base::Secret(*header) : base::Secret();
}

}  // namespace imdsd::aws
