// SPDX-License-Identifier: MIT
#include "saml/verification_key.h"

#include <xmlsec/crypto.h>
#include <xmlsec/keysdata.h>

#include "base/crypto_errors.h"
#include "saml/xml_library.h"

namespace imdsd::saml {
namespace {

constexpr xmlSecSize kMinRsaBits = 1024;

}  // namespace

void FreeKey::operator()(xmlSecKey* key) const {
  xmlSecKeyDestroy(key);
}

base::Result<VerificationKey> read_certificate(std::string_view der) {
  if (!use_xml_library()) return base::fail(base::Errc::unavailable, kNoXmlLibrary);
  VerificationKey key;
  if (!der.empty()) {
    key.reset(xmlSecCryptoAppKeyLoadMemory(reinterpret_cast<const xmlSecByte*>(der.data()),
                                           static_cast<xmlSecSize>(der.size()),
                                           xmlSecKeyDataFormatCertDer, nullptr, nullptr, nullptr));
  }
  base::clear_crypto_errors();
  const auto refuse = [](const char* why) { return base::fail(base::Errc::invalid_argument, why); };
  if (!key) return refuse("is not an X.509 certificate");
  xmlSecKeyData* const value = xmlSecKeyGetValue(key.get());
  if (xmlSecKeyDataCheckId(value, xmlSecKeyDataRsaId)) {
    if (xmlSecKeyDataGetSize(value) < kMinRsaBits) return refuse("has an RSA key under 1024 bits");
  } else if (!xmlSecKeyDataCheckId(value, xmlSecKeyDataEcdsaId)) {
    return refuse("has a key that is neither RSA nor of an elliptic curve");
  }
  return key;
}

}  // namespace imdsd::saml
