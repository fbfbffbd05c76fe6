// SPDX-License-Identifier: MIT
#pragma once

namespace imdsd::saml {

/// Makes libxml2 and xmlsec ready: once for the process, in whichever thread comes first, and for
/// the calling thread. They load nothing from outside and write nothing to standard error. Called
/// before each use; cheap.
void use_xml_library();

}  // namespace imdsd::saml
