// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/service_error.h"
#include "base/clock.h"
#include "iam/condition_keys.h"
#include "iam/entities.h"
#include "iam/json_document.h"

namespace imdsd::sts {

/// IAM accepts a token for five minutes beyond its expiration
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html); the same goes
/// for times that are still to come.
inline constexpr std::chrono::minutes kClockSkew{5};

/// The claims of an OpenID Connect ID token that STS reads
/// (https://openid.net/specs/openid-connect-core-1_0.html#IDToken).
struct WebIdentity {
  std::string issuer;                     // iss
  std::string subject;                    // sub
  std::vector<std::string> audiences;     // aud, in its order; at least one
  std::optional<std::string> authorized;  // azp
  std::vector<std::string> methods;       // amr
  std::string email;                      // empty: none
  // Seconds since 1970.
  std::int64_t expiration = 0;             // exp
  std::int64_t issued = 0;                 // iat
  std::optional<std::int64_t> not_before;  // nbf
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
  std::vector<iam::Tag> tags;  // …/tags: principal_tags
  std::vector<std::string> transitive_tag_keys;
  std::string source_identity;  // empty: none

  /// 400 InvalidIdentityToken for a claim that is missing or of the wrong type; 403
  /// IDPRejectedClaim for one that is too long (sub, amr), or one of AWS's own that cannot be what
  /// it should be.
  [[nodiscard]] static aws::Outcome<WebIdentity> parse(const iam::JsonNode& token);

  /// 400 ExpiredTokenException, or InvalidIdentityToken for a token of the future.
  [[nodiscard]] std::optional<aws::ServiceError> refuse_time(base::SystemTime now) const;

  /// What AWS calls the token's audience: azp where it is set, else the first of aud that is among
  /// `client_ids`. Nothing when that is not among them.
  [[nodiscard]] std::optional<std::string> find_audience(
      const std::vector<std::string>& client_ids) const;
};

/// The condition keys of a provider, and which of them stay with the session
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
/// `prefix`: the issuer without its scheme.
[[nodiscard]] std::map<std::string, std::vector<std::string>> session_keys(
    const WebIdentity& identity, const std::string& prefix, const std::string& audience);
[[nodiscard]] iam::ConditionKeys trust_keys(const WebIdentity& identity, const std::string& prefix,
                                            const std::string& audience);

}  // namespace imdsd::sts
