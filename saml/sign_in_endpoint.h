// SPDX-License-Identifier: MIT
// Whom AWS is to an identity provider
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html).
#pragma once

#include <string_view>

namespace imdsd::saml {

/// Is it where SAML responses for AWS go? `https://signin.aws.amazon.com/saml`, the same with a
/// region in front, of China or GovCloud, and any of them followed by `/acs/` and the provider's
/// SAMLProviderUUID.
[[nodiscard]] bool is_sign_in_endpoint(std::string_view url, std::string_view provider_uuid);

/// Does it name AWS as an audience? `urn:amazon:webservices`, that of another partition, or a
/// sign-in endpoint.
[[nodiscard]] bool is_aws_audience(std::string_view audience, std::string_view provider_uuid);

}  // namespace imdsd::saml
