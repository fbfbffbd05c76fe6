// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace imdsd::saml {

/// An attribute of an assertion. Values that are not plain text are left out.
struct Attribute {
  std::string name;
  std::vector<std::string> values;
};

/// What a verified assertion says.
struct Identity {
  std::string issuer;
  std::string subject;  // NameID
  /// The Format of the NameID, without `urn:oasis:names:tc:SAML:2.0:nameid-format:` in front.
  std::string subject_type;
  std::string recipient;  // of the subject confirmation: AWS's sign-in endpoint
  std::optional<base::SystemTime> session_not_on_or_after;  // the earliest of all AuthnStatements
  std::vector<Attribute>
      attributes;  // those of one name together, in the order of their names' first

  /// The values of the attribute; none if it is not there.
  [[nodiscard]] const std::vector<std::string>& values(std::string_view name) const;
};

}  // namespace imdsd::saml
