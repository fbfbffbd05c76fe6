// SPDX-License-Identifier: MIT
// What the identity documents of one region are signed with
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/regions-certs.html): a key and a certificate
// for each of the documents' four signatures.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/certified_key.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace imdsd::imds {

/// A name below dynamic/instance-identity/, and the key behind it.
struct IdentitySignatureType {
  std::string_view name;
  base::CertifiedKeyType key;
  bool is_message;  // PKCS #7 with the document in it; else the bare signature
};
inline constexpr std::array<IdentitySignatureType, 4> kIdentitySignatures = {{
    {"signature", base::CertifiedKeyType::rsa1024, false},
    {"pkcs7", base::CertifiedKeyType::dsa1024, true},
    {"rsa2048", base::CertifiedKeyType::rsa2048, true},
    {"dsa2048", base::CertifiedKeyType::dsa2048, true},
}};

/// In the order of kIdentitySignatures.
using IdentityKeys = std::array<base::CertifiedKey, kIdentitySignatures.size()>;

[[nodiscard]] base::Result<IdentityKeys> generate_identity_keys(std::string_view region,
                                                                base::SystemTime now);
/// Errc::corrupt for whatever identity_keys_pem() does not write.
[[nodiscard]] base::Result<IdentityKeys> read_identity_keys(std::string_view pem);
[[nodiscard]] base::Secret identity_keys_pem(const IdentityKeys& keys);

}  // namespace imdsd::imds
