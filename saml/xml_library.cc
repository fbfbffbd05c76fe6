// SPDX-License-Identifier: MIT
#include "saml/xml_library.h"

#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/xmlsec.h>

#include "xml/library.h"

namespace imdsd::saml {
namespace {

void ignore_security_error(const char*, int, const char*, const char*, const char*, int,
                           const char*) {}

bool initialize() {
  if (xmlSecInit() < 0 || xmlSecCryptoInit() < 0) return false;
  xmlSecIOCleanupCallbacks();
  xml::load_nothing_from_outside();
  xmlSecErrorsSetCallback(ignore_security_error);
  return true;
}

}  // namespace

bool use_xml_library() {
  xml::use_library();
  static const bool initialized = initialize();
  return initialized;
}

}  // namespace imdsd::saml
