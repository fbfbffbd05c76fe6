// SPDX-License-Identifier: MIT
#include "saml/xml_library.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/xmlsec.h>

namespace imdsd::saml {
namespace {

xmlParserInputPtr load_nothing(const char*, const char*, xmlParserCtxtPtr) {
  return nullptr;
}

void ignore_error(void*, xmlErrorPtr) {}

void ignore_security_error(const char*, int, const char*, const char*, const char*, int,
                           const char*) {}

bool initialize() {
  xmlInitParser();
  if (xmlSecInit() < 0 || xmlSecCryptoInit() < 0) return false;
  xmlSecIOCleanupCallbacks();
  xmlSetExternalEntityLoader(load_nothing);
  xmlSecErrorsSetCallback(ignore_security_error);
  return true;
}

}  // namespace

bool use_xml_library() {
  static const bool initialized = initialize();
  xmlSetStructuredErrorFunc(nullptr, ignore_error);  // libxml2 keeps it for each thread
  return initialized;
}

}  // namespace imdsd::saml
