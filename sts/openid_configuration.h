// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::sts {

/// What an OpenID Connect issuer publishes about itself
/// (https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata).
struct OpenidConfiguration {
  std::string issuer;
  std::string jwks_uri;

  /// Errc::invalid_argument for what is none. The members that the specification requires and AWS
  /// insists on must be there, too: response_types_supported, subject_types_supported,
  /// id_token_signing_alg_values_supported.
  [[nodiscard]] static base::Result<OpenidConfiguration> parse(std::string_view json);
};

/// Where the document of an issuer is: a final slash goes, the path stays (section 4.1 there).
[[nodiscard]] std::string openid_configuration_url(std::string_view issuer);

}  // namespace imdsd::sts
