// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace imdsd::saml {

/// What an identity provider says of itself (saml-metadata-2.0-os sections 2.3.2 and 2.4.3), as far
/// as its assertions are checked by it.
struct Metadata {
  std::string entity_id;
  std::optional<base::SystemTime> valid_until;
  /// DER, of the key descriptors for signing of the IDPSSODescriptor; may be none.
  std::vector<std::string> signing_certificates;
};

/// Errc::invalid_argument or too_large for what is no XML document of one EntityDescriptor that has
/// an entityID, and for a signing certificate that cannot be used.
[[nodiscard]] base::Result<Metadata> parse_metadata(std::string_view xml);

}  // namespace imdsd::saml
