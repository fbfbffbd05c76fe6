// SPDX-License-Identifier: MIT
// Condition keys of SAML federation
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "iam/condition_keys.h"
#include "iam/entities.h"
#include "saml/identity.h"

namespace imdsd::sts {

/// NameQualifier, saml:namequalifier: with the subject it names a user uniquely. BASE64(SHA1(issuer
/// + account + "/" + provider's name))
/// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html).
[[nodiscard]] std::string name_qualifier(const saml::Identity& identity,
                                         const iam::SamlProvider& provider);

/// Those of a role's trust policy: saml:aud, :iss, :sub, :sub_type, :doc, :namequalifier, and the
/// attributes of directories that AWS maps.
[[nodiscard]] iam::ConditionKeys saml_trust_keys(const saml::Identity& identity,
                                                 const iam::SamlProvider& provider);

/// Those that stay with the session: saml:namequalifier, :sub, :sub_type and
/// aws:FederatedProvider.
[[nodiscard]] std::map<std::string, std::vector<std::string>> saml_session_keys(
    const saml::Identity& identity, const iam::SamlProvider& provider);

}  // namespace imdsd::sts
