// SPDX-License-Identifier: MIT
#include <array>

#include "iam/api/oidc_providers.h"
#include "iam/api/operation.h"
#include "iam/api/provider_find.h"
#include "iam/api/saml_providers.h"
#include "iam/api/tagging.h"
#include "iam/names.h"

namespace imdsd::iam::api {
namespace {

constexpr std::size_t kLongestList = 1000;  // quotas are checked later, with an error of their own
constexpr std::size_t kMaxMetadata = 10'000'000;

constinit const Parameter kUrl{"Url", Shape::text, 1, 255};
constinit const Parameter kClientId{"ClientID", Shape::text, 1, 255};
constinit const Parameter kClientIds{"ClientIDList", Shape::strings, 0, kLongestList, {}, 1, 255};
constinit const Parameter kThumbprints{
    "ThumbprintList", Shape::strings, 0, kLongestList, {}, 40, 40};
constinit const Parameter kOidcProviderArn{kOidcArn, Shape::arn, 20, 2048};
constinit const Parameter kSamlProviderArn{kSamlArn, Shape::arn, 20, 2048};
constinit const Parameter kSamlName{"Name", Shape::saml_name, 1, kMaxName};
constinit const Parameter kSamlMetadata{"SAMLMetadataDocument", Shape::text, 1000, kMaxMetadata};

constexpr std::array kOperations{
    Operation{"CreateOpenIDConnectProvider",
              Acts::creating_oidc_provider,
              // In the order in which AWS names what is wrong.
              {optional(kClientIds), optional(kThumbprints), required(kUrl), optional(kTags)},
              create_oidc_provider},
    Operation{"GetOpenIDConnectProvider",
              Acts::on_oidc_provider,
              {required(kOidcProviderArn)},
              get_oidc_provider},
    Operation{"ListOpenIDConnectProviders", Acts::on_account, {}, list_oidc_providers},
    Operation{"DeleteOpenIDConnectProvider",
              Acts::on_oidc_provider,
              {required(kOidcProviderArn)},
              delete_oidc_provider,
              false},
    Operation{"UpdateOpenIDConnectProviderThumbprint",
              Acts::on_oidc_provider,
              {required(kOidcProviderArn), required(kThumbprints)},
              update_oidc_thumbprint,
              false},
    Operation{"AddClientIDToOpenIDConnectProvider",
              Acts::on_oidc_provider,
              {required(kOidcProviderArn), required(kClientId)},
              add_oidc_client_id,
              false},
    Operation{"RemoveClientIDFromOpenIDConnectProvider",
              Acts::on_oidc_provider,
              {required(kOidcProviderArn), required(kClientId)},
              remove_oidc_client_id,
              false},
    Operation{"TagOpenIDConnectProvider",
              Acts::on_oidc_provider,
              {required(kOidcProviderArn), required(kTags)},
              tag_entity<OidcProvider, find_oidc_provider>,
              false},
    Operation{"UntagOpenIDConnectProvider",
              Acts::on_oidc_provider,
              {required(kOidcProviderArn), required(kTagKeys)},
              untag_entity<OidcProvider, find_oidc_provider>,
              false},
    Operation{"ListOpenIDConnectProviderTags",
              Acts::on_oidc_provider,
              {required(kOidcProviderArn), optional(kMarker), optional(kMaxItems)},
              list_entity_tags<OidcProvider, find_oidc_provider>},
    Operation{"CreateSAMLProvider",
              Acts::creating_saml_provider,
              {required(kSamlMetadata), required(kSamlName), optional(kTags)},
              create_saml_provider},
    Operation{
        "GetSAMLProvider", Acts::on_saml_provider, {required(kSamlProviderArn)}, get_saml_provider},
    Operation{"ListSAMLProviders", Acts::on_account, {}, list_saml_providers},
    Operation{"UpdateSAMLProvider",
              Acts::on_saml_provider,
              {required(kSamlProviderArn), optional(kSamlMetadata)},
              update_saml_provider},
    Operation{"DeleteSAMLProvider",
              Acts::on_saml_provider,
              {required(kSamlProviderArn)},
              delete_saml_provider,
              false},
    Operation{"TagSAMLProvider",
              Acts::on_saml_provider,
              {required(kSamlProviderArn), required(kTags)},
              tag_entity<SamlProvider, find_saml_provider>,
              false},
    Operation{"UntagSAMLProvider",
              Acts::on_saml_provider,
              {required(kSamlProviderArn), required(kTagKeys)},
              untag_entity<SamlProvider, find_saml_provider>,
              false},
    Operation{"ListSAMLProviderTags",
              Acts::on_saml_provider,
              {required(kSamlProviderArn), optional(kMarker), optional(kMaxItems)},
              list_entity_tags<SamlProvider, find_saml_provider>},
};

}  // namespace

std::span<const Operation> provider_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
