// SPDX-License-Identifier: MIT
#include "sts/web_identity_provider.h"

#include <algorithm>
#include <array>

#include "base/utf8_prefix.h"
#include "iam/names.h"
#include "sts/web_identity_issuer.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::service_error;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html:
// providers of OpenID Connect that no account has to register.
constexpr std::array<std::string_view, 2> kKnownByThemselves{"accounts.google.com",
                                                             "cognito-identity.amazonaws.com"};

tl::unexpected<aws::ServiceError> invalid(std::string message) {
  return service_error(400, "InvalidIdentityToken", std::move(message));
}

std::string_view without_scheme(std::string_view issuer) {
  const std::size_t end = issuer.find("://");
  return end == std::string_view::npos ? issuer : issuer.substr(end + 3);
}

tl::unexpected<aws::ServiceError> no_keys(const base::Error& error) {
  switch (error.code) {
    case base::Errc::unavailable:
      return service_error(
          400, "IDPCommunicationError",
          "The identity provider could not be reached to verify the token: " + error.message);
    case base::Errc::access_denied:
      return invalid(
          "OpenIDConnect provider's HTTPS certificate doesn't match configured "
          "thumbprint");
    default:
      return invalid(
          "Couldn't retrieve verification key from your identity provider,  please reference "
          "AssumeRoleWithWebIdentity documentation for requirements: " +
          error.message);
  }
}

}  // namespace

Outcome<WebIdentityProvider> WebIdentityProvider::find(std::string_view issuer,
                                                       std::string_view account,
                                                       const Authority& authority) {
  WebIdentityProvider out;
  out.prefix = without_scheme(issuer);
  out.issuer = issuer;
  const std::string_view name = iam::oidc_provider_name(issuer);
  out.entity = authority.directory->find<iam::OidcProvider>(account, name);
  // Names are found without case, but an issuer is another one with another case.
  if (out.entity && out.entity->name == name && iam::is_oidc_provider_url(issuer)) {
    out.name = out.entity->unique_id;
    return out;
  }
  out.entity = nullptr;
  const auto known = std::find(kKnownByThemselves.begin(), kKnownByThemselves.end(), out.prefix);
  const bool has_scheme = out.prefix.size() != issuer.size();
  if (known != kKnownByThemselves.end() && (!has_scheme || issuer.starts_with("https://"))) {
    out.name = *known;
    out.issuer = "https://" + out.name;  // Google's tokens do not always say https://
    return out;
  }
  constexpr std::size_t kShown = 512;
  return invalid("No OpenIDConnect provider found in your account for " +
                 std::string(base::utf8_prefix(issuer, kShown)));
}

Outcome<std::string> WebIdentityProvider::audience_of(const WebIdentity& identity) const {
  if (!entity) return identity.authorized.value_or(identity.audiences.front());
  auto audience = identity.find_audience(entity->client_ids);
  if (!audience) return invalid("Incorrect token audience");
  return *std::move(audience);
}

base::Result<std::shared_ptr<const JsonWebKeySet>> WebIdentityProvider::keys_for(
    const JsonWebToken& token, const Authority& authority, base::SystemTime now) const {
  IMDSD_TRY(auto own, own_keys(issuer, authority, now));
  if (own) return own;
  if (!authority.oidc_keys) return base::fail(base::Errc::not_found, "no keys are configured");
  OidcKeySource::Request request{issuer, token.key_id, {}};
  if (entity) request.thumbprints = entity->thumbprints;
  return authority.oidc_keys->find(request);
}

Outcome<void> WebIdentityProvider::verify(const JsonWebToken& token, const Authority& authority,
                                          base::SystemTime now) const {
  const auto keys = keys_for(token, authority, now);
  if (!keys) return no_keys(keys.error());
  if (!token.key_id.empty() && !(*keys)->has(token.key_id)) {
    return no_keys({base::Errc::invalid_argument, "the issuer has no key of the token's `kid`"});
  }
  if ((*keys)->verifies(token.key_id, token.algorithm, token.signed_text, token.signature)) {
    return {};
  }
  return invalid("The ID Token's signature is not one of its issuer");
}

}  // namespace imdsd::sts
