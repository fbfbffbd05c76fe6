// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "xml/document.h"

namespace imdsd::saml {

/// The form in which SAML signs (saml-core-2.0-os section 5.4), and no other of the many that XML
/// Signature has: `signature`, a child of `owner`, has one reference, to its owner by ID, with the
/// enveloped-signature transform and exclusive canonicalization, algorithms of the list, and no
/// objects. SHA-1 is not on the list. Errc::invalid_argument says what differs.
[[nodiscard]] base::Result<void> check_signature_form(xml::Element signature, xml::Element owner);

/// Each ID is there once, under whatever name of `ID`, so that a reference can mean one element
/// only.
[[nodiscard]] base::Result<void> check_ids(xml::Element root);

}  // namespace imdsd::saml
