// SPDX-License-Identifier: MIT
#include "imds/identity_keys.h"

#include <chrono>
#include <utility>
#include <vector>

namespace imdsd::imds {
namespace {

/// Valid longer than anybody needs it, as EC2's own are; and since yesterday, for verifiers whose
/// clock is slow.
constexpr auto kValidBefore = std::chrono::hours(24);
constexpr auto kValidFor = std::chrono::hours(24) * 365 * 100;

IdentityKeys in_order(std::vector<base::CertifiedKey>& keys) {
  return {std::move(keys[0]), std::move(keys[1]), std::move(keys[2]), std::move(keys[3])};
}

}  // namespace

base::Result<IdentityKeys> generate_identity_keys(std::string_view region, base::SystemTime now) {
  std::vector<base::CertifiedKey> keys;
  for (const IdentitySignatureType& type : kIdentitySignatures) {
    const base::CertificateSubject subject{
        "imdsd", "instance identity " + std::string(region) + " " + std::string(type.name),
        now - kValidBefore, now + kValidFor};
    IMDSD_TRY(auto key, base::CertifiedKey::generate(type.key, subject));
    keys.push_back(std::move(key));
  }
  return in_order(keys);
}

base::Result<IdentityKeys> read_identity_keys(std::string_view pem) {
  IMDSD_TRY(auto keys, base::CertifiedKey::read_pem(pem));
  bool fits = keys.size() == kIdentitySignatures.size();
  for (std::size_t i = 0; fits && i < keys.size(); ++i) {
    fits = keys[i].type() == kIdentitySignatures[i].key;
  }
  if (fits) return in_order(keys);
  return base::fail(base::Errc::corrupt, "these are not the keys for identity documents");
}

base::Secret identity_keys_pem(const IdentityKeys& keys) {
  std::string pem;
  for (const base::CertifiedKey& key : keys) pem += key.to_pem().reveal();
  return base::Secret(std::move(pem));
}

}  // namespace imdsd::imds
