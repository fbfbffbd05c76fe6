// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "imds/identity_keys.h"

namespace imdsd::daemon {

/// What verifies the identity documents of a region.
struct IdentityCertificates {
  std::string region;
  imds::IdentityKeys keys;
};

/// The answer of GET /v1/identity-certificates: certificates, no key.
[[nodiscard]] std::string identity_certificates_json(const IdentityCertificates& certificates);

}  // namespace imdsd::daemon
