// SPDX-License-Identifier: MIT
#include "gateway/scope_hint.h"

#include <string>
#include <utility>

#include "aws/sigv4_claim.h"

namespace imdsd::gateway {
namespace {

/// The one region of a set that names no other.
std::string region_of_set(std::string set) {
  return set.find_first_of("*,") == std::string::npos ? std::move(set) : std::string();
}

}  // namespace

std::optional<ScopeHint> scope_hint(const base::HttpRequest& request) {
  // Read as authentication reads it: policies see this region.
  aws::SignatureClaim claim =
      aws::is_header_signed(request) ? aws::claim_in_header(request) : aws::claim_in_query(request);
  auto credential = aws::split_credential(claim);
  if (!credential) return std::nullopt;
  aws::CredentialScope& scope = credential->scope;
  return ScopeHint{std::move(scope.service),
                   scope.region ? *std::move(scope.region)
                                : region_of_set(std::move(claim.region_set).value_or(""))};
}

}  // namespace imdsd::gateway
