// SPDX-License-Identifier: MIT
// XML Signature (https://www.w3.org/TR/xmldsig-core1/) as SAML uses it. By xmlsec.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "xml/document.h"

namespace imdsd::saml {

/// Verifies the signature with the key of one of the certificates (DER); whatever key the message
/// names itself does not count. Returns the bytes that were signed: the canonical XML of the
/// element that the signature is a child of, without the signature. To read these and nothing else
/// is what defeats signature wrapping. Errc::access_denied says why it does not verify.
/// PRECONDITION: check_ids() holds for the document.
[[nodiscard]] base::Result<std::string> verify_signature(
    const xml::Document& document, xml::Element signature,
    const std::vector<std::string>& certificates);

}  // namespace imdsd::saml
