// SPDX-License-Identifier: MIT
#include "xml/library.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

namespace imdsd::xml {
namespace {

xmlParserInputPtr load_nothing(const char*, const char*, xmlParserCtxtPtr) {
  return nullptr;
}

void ignore_error(void*, xmlErrorPtr) {}

bool initialize() {
  xmlInitParser();
  load_nothing_from_outside();
  return true;
}

}  // namespace

void use_library() {
  [[maybe_unused]] static const bool initialized = initialize();
  xmlSetStructuredErrorFunc(nullptr, ignore_error);  // libxml2 keeps it for each thread
}

void load_nothing_from_outside() {
  xmlSetExternalEntityLoader(load_nothing);
}

}  // namespace imdsd::xml
