// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "aws/service_error.h"
#include "saml/identity.h"
#include "sts/session_tags.h"

namespace imdsd::sts {

/// What a verified assertion says of the session, in AWS's attributes
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html).
struct SamlClaims {
  std::string session_name;                      // RoleSessionName
  std::optional<std::chrono::seconds> duration;  // SessionDuration
  std::string source_identity;                   // SourceIdentity; empty: none
  SessionTags tags;                              // PrincipalTag:*, TransitiveTagKeys

  /// 400 InvalidIdentityToken where AWS would not take them. One value of Role must name both the
  /// role and the provider, in either order.
  [[nodiscard]] static aws::Outcome<SamlClaims> parse(const saml::Identity& identity,
                                                      std::string_view role_arn,
                                                      std::string_view provider_arn);
};

}  // namespace imdsd::sts
