// SPDX-License-Identifier: MIT
#pragma once

namespace imdsd::saml {

/// Makes libxml2 and xmlsec ready: once for the process, in whichever thread comes first, and for
/// the calling thread. They load nothing from outside and write nothing to standard error. Called
/// before each use; cheap. False, each time, if xmlsec does not start: its parts do not fit
/// together.
[[nodiscard]] bool use_xml_library();

inline constexpr const char* kNoXmlLibrary = "cannot be read: libxmlsec1 does not start";

}  // namespace imdsd::saml
