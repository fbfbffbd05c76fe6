// SPDX-License-Identifier: MIT
// An identity provider that signs: a key made for the run, its certificate, metadata, signatures by
// xmlsec. tests/integration/ has one that signs by another library.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <libxml/parser.h>
#include <libxml/valid.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <xmlsec/crypto.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include "base/codec.h"
#include "saml/xml_library.h"
#include "tests/support/saml_response.h"

namespace imdsd::support {

/// What is said in a signature; tests change it.
struct SignatureText {
  std::string canonicalization = "http://www.w3.org/2001/10/xml-exc-c14n#";
  std::string method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
  std::string digest = "http://www.w3.org/2001/04/xmlenc#sha256";
  std::string transforms =
      R"(<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>)"
      R"(<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>)";
  std::string after_value = {};  // KeyInfo, Object

  [[nodiscard]] std::string xml(std::string_view uri) const {
    return R"(<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>)"
           R"(<ds:CanonicalizationMethod Algorithm=")" +
           canonicalization + R"("/><ds:SignatureMethod Algorithm=")" + method +
           R"("/><ds:Reference URI=")" + std::string(uri) + R"("><ds:Transforms>)" + transforms +
           R"(</ds:Transforms><ds:DigestMethod Algorithm=")" + digest +
           R"("/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>)" +
           after_value + "</ds:Signature>";
  }
};

class SamlIdp {
 public:
  enum class KeyType { rsa_2048, rsa_1024, rsa_512, p_256 };

  explicit SamlIdp(KeyType type = KeyType::rsa_2048) : key_(make_key(type)) {
    certificate_ = base::base64_encode(make_certificate(key_.get()));
  }

  /// The same key each time: making one takes long.
  static const SamlIdp& shared() {
    static const SamlIdp idp;
    return idp;
  }

  /// In base64, as metadata and KeyInfo have it.
  [[nodiscard]] const std::string& certificate() const { return certificate_; }

  [[nodiscard]] std::string metadata(std::string_view entity_id = kEntityId) const {
    return R"(<?xml version="1.0"?><md:EntityDescriptor entityID=")" + std::string(entity_id) +
           R"(" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"><md:IDPSSODescriptor )"
           R"(protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">)" +
           key_descriptor() + "</md:IDPSSODescriptor></md:EntityDescriptor>" +
           std::string(1000, ' ');
  }

  [[nodiscard]] std::string key_descriptor(std::string_view attributes = R"(use="signing")") const {
    return "<md:KeyDescriptor " + std::string(attributes) +
           R"(><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>)"
           "<ds:X509Certificate>" +
           certificate_ + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>";
  }

  /// `xml` with the element of this ID signed; the signature stands behind its Issuer.
  [[nodiscard]] std::string sign(const std::string& xml, const std::string& id,
                                 const SignatureText& text = {}) const {
    return sign_template(with_template(xml, id, text.xml("#" + id)), id);
  }

  /// Puts `signature` behind the Issuer of the element.
  [[nodiscard]] static std::string with_template(std::string xml, const std::string& id,
                                                 const std::string& signature) {
    constexpr std::string_view kIssuerEnd = "</saml:Issuer>";
    const std::size_t element = xml.find("ID=\"" + id + "\"");
    const std::size_t issuer = xml.find(kIssuerEnd, element);
    if (element == std::string::npos || issuer == std::string::npos) {
      throw std::logic_error("no element " + id + " with an Issuer");
    }
    return xml.insert(issuer + kIssuerEnd.size(), signature);
  }

  /// Fills in the only signature that has no value yet.
  [[nodiscard]] std::string sign_template(const std::string& xml, const std::string& id) const {
    if (!saml::use_xml_library()) throw std::logic_error("xmlsec does not start");
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
        xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr, XML_PARSE_NONET),
        xmlFreeDoc);
    if (!document) throw std::logic_error("not XML: " + xml);
    register_id(document.get(), xmlDocGetRootElement(document.get()), id);
    xmlNode* const signature = find_template(xmlDocGetRootElement(document.get()));
    const std::unique_ptr<xmlSecDSigCtx, decltype(&xmlSecDSigCtxDestroy)> context(
        xmlSecDSigCtxCreate(nullptr), xmlSecDSigCtxDestroy);
    context->signKey = signing_key();
    if (signature == nullptr || xmlSecDSigCtxSign(context.get(), signature) < 0) {
      throw std::logic_error("cannot sign: " + xml);
    }
    xmlChar* text = nullptr;
    int size = 0;
    xmlDocDumpMemory(document.get(), &text, &size);
    std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    xmlFree(text);
    return out;
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

  static Key make_key(KeyType type) {
    switch (type) {
      case KeyType::rsa_2048:
        return {EVP_RSA_gen(2048), EVP_PKEY_free};
      case KeyType::rsa_1024:
        return {EVP_RSA_gen(1024), EVP_PKEY_free};
      case KeyType::rsa_512:
        return {EVP_RSA_gen(512), EVP_PKEY_free};
      case KeyType::p_256:
        return {EVP_EC_gen("P-256"), EVP_PKEY_free};
    }
    throw std::logic_error("no such key type");
  }

  /// One that expired long ago: AWS does not look at the dates of certificates.
  static std::string make_certificate(EVP_PKEY* key) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "20000101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "20010101000000Z");
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("idp.example"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    X509_sign(certificate.get(), key, EVP_sha256());
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    if (size <= 0) throw std::logic_error("no certificate");
    std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
  }

  [[nodiscard]] xmlSecKey* signing_key() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> pem(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PKCS8PrivateKey(pem.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(pem.get(), &data);
    return xmlSecCryptoAppKeyLoadMemory(reinterpret_cast<const xmlSecByte*>(data),
                                        static_cast<xmlSecSize>(size), xmlSecKeyDataFormatPem,
                                        nullptr, nullptr, nullptr);
  }

  static void register_id(xmlDoc* document, xmlNode* node, const std::string& id) {
    for (; node != nullptr; node = node->next) {
      if (node->type != XML_ELEMENT_NODE) continue;
      xmlAttr* const attribute = xmlHasProp(node, BAD_CAST "ID");
      if (attribute != nullptr && xmlStrEqual(attribute->children->content, BAD_CAST id.c_str())) {
        xmlAddID(nullptr, document, BAD_CAST id.c_str(), attribute);
      }
      register_id(document, node->children, id);
    }
  }

  static xmlNode* find_template(xmlNode* node) {
    for (; node != nullptr; node = node->next) {
      if (node->type != XML_ELEMENT_NODE) continue;
      const bool is_signature = xmlStrEqual(node->name, BAD_CAST "Signature") != 0;
      if (is_signature) {
        xmlNode* const value = xmlSecFindChild(node, BAD_CAST "SignatureValue", xmlSecDSigNs);
        if (value != nullptr && value->children == nullptr) return node;
      }
      if (xmlNode* const found = find_template(node->children)) return found;
    }
    return nullptr;
  }

  Key key_;
  std::string certificate_;
};

}  // namespace imdsd::support
