// SPDX-License-Identifier: MIT
#include "sts/saml_keys.h"

#include <iterator>
#include <string_view>

#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::sts {
namespace {

struct MappedAttribute {
  std::string_view name;  // of the attribute
  std::string_view key;   // behind `saml:`
  bool is_list = true;    // of others only the first value counts
};

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html#saml-attribute-mapping
constexpr MappedAttribute kMapped[] = {
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.1", "edupersonaffiliation"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.2", "edupersonnickname"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.3", "edupersonorgdn", false},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.4", "edupersonorgunitdn"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.5", "edupersonprimaryaffiliation", false},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "edupersonprincipalname", false},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.7", "edupersonentitlement"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.8", "edupersonprimaryorgunitdn", false},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "edupersonscopedaffiliation"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.10", "edupersontargetedid"},
    {"urn:oid:1.3.6.1.4.1.5923.1.1.1.11", "edupersonassurance"},
    {"urn:oid:1.3.6.1.4.1.5923.1.2.1.2", "eduorghomepageuri"},
    {"urn:oid:1.3.6.1.4.1.5923.1.2.1.3", "eduorgidentityauthnpolicyuri"},
    {"urn:oid:1.3.6.1.4.1.5923.1.2.1.4", "eduorglegalname"},
    {"urn:oid:1.3.6.1.4.1.5923.1.2.1.5", "eduorgsuperioruri"},
    {"urn:oid:1.3.6.1.4.1.5923.1.2.1.6", "eduorgwhitepagesuri"},
    {"urn:oid:2.5.4.3", "cn"},
    {"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "name", false},
    {"http://schemas.xmlsoap.org/claims/CommonName", "commonName", false},
    {"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "givenName", false},
    {"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "surname", false},
    {"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "mail", false},
    {"http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid", "primaryGroupSID",
     false},
    {"2.5.4.3", "commonName", false},
    {"2.5.4.4", "surname", false},
    {"2.4.5.42", "givenName", false},
    {"2.5.4.45", "x500UniqueIdentifier", false},
    {"0.9.2342.19200300100.1.1", "uid", false},
    {"0.9.2342.19200300100.1.3", "mail", false},
    {"0.9.2342.19200300.100.1.45", "organizationStatus", false},
};

/// Of several attributes for one key the first in the table counts.
void add_mapped_attributes(const saml::Identity& identity, iam::ConditionKeys& keys) {
  for (const MappedAttribute& mapped : kMapped) {
    const std::vector<std::string>& values = identity.values(mapped.name);
    const std::string key = "saml:" + std::string(mapped.key);
    if (values.empty() || keys.find(key) != nullptr) continue;
    keys.set(key, mapped.is_list ? values : std::vector{values[0]});
  }
}

std::string doc_of(const iam::SamlProvider& provider) {
  return provider.account + "/" + provider.name;
}

}  // namespace

std::string name_qualifier(const saml::Identity& identity, const iam::SamlProvider& provider) {
  return base::base64_encode(base::sha1(identity.issuer + doc_of(provider)));
}

iam::ConditionKeys saml_trust_keys(const saml::Identity& identity,
                                   const iam::SamlProvider& provider) {
  iam::ConditionKeys keys;
  keys.set("saml:aud", identity.recipient);
  keys.set("saml:iss", identity.issuer);
  keys.set("saml:sub", identity.subject);
  keys.set("saml:sub_type", identity.subject_type);
  keys.set("saml:doc", doc_of(provider));
  keys.set("saml:namequalifier", name_qualifier(identity, provider));
  add_mapped_attributes(identity, keys);
  return keys;
}

std::map<std::string, std::vector<std::string>> saml_session_keys(
    const saml::Identity& identity, const iam::SamlProvider& provider) {
  return {{"aws:FederatedProvider", {provider.unique_id}},
          {"saml:namequalifier", {name_qualifier(identity, provider)}},
          {"saml:sub", {identity.subject}},
          {"saml:sub_type", {identity.subject_type}}};
}

}  // namespace imdsd::sts
