// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include <xmlsec/keys.h>
#include <xmlsec/xmlsec.h>

#include "base/result.h"

namespace imdsd::saml {

struct FreeKey {
  void operator()(xmlSecKey* key) const;
};
using VerificationKey = std::unique_ptr<xmlSecKey, FreeKey>;

/// The public key of an X.509 certificate (DER): RSA of 1024 bits and more, as AWS asks
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html), or an
/// elliptic curve's. Neither the certificate's dates nor its issuer count: AWS trusts what is in
/// the metadata. Errc::invalid_argument for anything else.
[[nodiscard]] base::Result<VerificationKey> read_certificate(std::string_view der);

}  // namespace imdsd::saml
