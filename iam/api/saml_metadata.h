// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace imdsd::iam::api {

/// What is read of a SAML 2.0 metadata document (saml-metadata-2.0-os section 2.3.2).
struct SamlMetadata {
  std::optional<base::SystemTime> valid_until;
};

/// Errc::invalid_argument for what is no XML document of one EntityDescriptor that has an entityID.
/// Only the outermost element is read.
[[nodiscard]] base::Result<SamlMetadata> parse_saml_metadata(std::string_view xml);

}  // namespace imdsd::iam::api
