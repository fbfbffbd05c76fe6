// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/clock.h"
#include "saml/response.h"
#include "xml/document.h"

namespace imdsd::saml {

/// Whose assertion it must be, and when.
struct Expectation {
  const Metadata& provider;
  std::string_view provider_uuid;
  base::SystemTime now;
};

inline constexpr const char* kWrongIssuer = "Issuer not present in specified provider";

/// Reads an assertion that was verified.
[[nodiscard]] Verified<Identity> read_assertion(xml::Element assertion,
                                                const Expectation& expected);

}  // namespace imdsd::saml
