// SPDX-License-Identifier: MIT
#pragma once

#include "xml/bounds.h"

namespace imdsd::saml {

/// An assertion of AWS's greatest length is 75,000 bytes when decoded.
inline constexpr xml::Bounds kResponseBounds{.bytes = 100'000, .elements = 10'000};
/// SAMLMetadataDocument has at most 10,000,000 characters
/// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html).
inline constexpr xml::Bounds kMetadataBounds{.bytes = 10'000'000, .elements = 200'000};

}  // namespace imdsd::saml
