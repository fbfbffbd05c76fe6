// SPDX-License-Identifier: MIT
#include "saml/signature.h"

#include <memory>
#include <utility>

#include <libxml/tree.h>
#include <libxml/valid.h>
#include <xmlsec/crypto.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

#include "base/crypto_errors.h"
#include "saml/signature_form.h"
#include "saml/verification_key.h"
#include "saml/xml_library.h"

namespace imdsd::saml {
namespace {

using base::Errc;
using base::fail;
using base::Result;

struct FreeContext {
  void operator()(xmlSecDSigCtx* context) const { xmlSecDSigCtxDestroy(context); }
};
using Context = std::unique_ptr<xmlSecDSigCtx, FreeContext>;

struct ClearCryptoErrors {
  ~ClearCryptoErrors() { base::clear_crypto_errors(); }
};

/// What check_signature_form() has looked at already; here xmlsec is told, too.
bool restrict_to_form(xmlSecDSigCtx& context) {
  context.enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
  context.transformCtx.enabledUris = xmlSecTransformUriTypeSameDocument;
  for (const auto transform :
       {xmlSecTransformEnvelopedId, xmlSecTransformExclC14NId, xmlSecTransformSha256Id,
        xmlSecTransformSha384Id, xmlSecTransformSha512Id}) {
    if (xmlSecDSigCtxEnableReferenceTransform(&context, transform) < 0) return false;
  }
  for (const auto transform :
       {xmlSecTransformExclC14NId, xmlSecTransformRsaSha256Id, xmlSecTransformRsaSha384Id,
        xmlSecTransformRsaSha512Id, xmlSecTransformEcdsaSha256Id, xmlSecTransformEcdsaSha384Id,
        xmlSecTransformEcdsaSha512Id}) {
    if (xmlSecDSigCtxEnableSignatureTransform(&context, transform) < 0) return false;
  }
  return true;
}

Context make_context(VerificationKey key) {
  // No keys manager: xmlsec has no way to another key than this one.
  Context context(xmlSecDSigCtxCreate(nullptr));
  if (!context || !restrict_to_form(*context)) return nullptr;
  context->flags =
      XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES | XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
  context->signKey = key.release();
  return context;
}

/// The bytes that the digest was made of; nothing unless exactly one reference verified.
std::optional<std::string> signed_bytes(xmlSecDSigCtx& context) {
  if (context.status != xmlSecDSigStatusSucceeded) return std::nullopt;
  if (xmlSecPtrListGetSize(&context.signedInfoReferences) != 1) return std::nullopt;
  auto* const reference =
      static_cast<xmlSecDSigReferenceCtx*>(xmlSecPtrListGetItem(&context.signedInfoReferences, 0));
  if (reference == nullptr || reference->status != xmlSecDSigStatusSucceeded) return std::nullopt;
  xmlSecBuffer* const buffer = xmlSecDSigReferenceCtxGetPreDigestBuffer(reference);
  if (buffer == nullptr) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(xmlSecBufferGetData(buffer)),
                     xmlSecBufferGetSize(buffer));
}

/// The owner, and nobody else, is what its ID means in this document.
bool register_id(xmlDoc* document, xml::Element owner) {
  xmlAttr* const attribute = xmlHasNsProp(owner.node(), BAD_CAST "ID", nullptr);
  const auto id = owner.attribute("ID");
  if (attribute == nullptr || !id) return false;
  const xmlChar* const value = BAD_CAST id->c_str();
  if (xmlGetID(document, value) == nullptr) {
    if (xmlAddID(nullptr, document, value, attribute) == nullptr) return false;
  }
  return xmlGetID(document, value) == attribute;
}

}  // namespace

Result<std::string> verify_signature(const xml::Document& document, xml::Element signature,
                                     const std::vector<std::string>& certificates) {
  const auto owner = signature.parent();
  if (!owner) return fail(Errc::access_denied, "it is not in an element");
  if (auto formed = check_signature_form(signature, *owner); !formed) {
    return fail(Errc::access_denied, std::move(formed).error().message);
  }
  if (!use_xml_library()) return fail(Errc::unavailable, kNoXmlLibrary);
  const ClearCryptoErrors clear;
  if (!register_id(document.get(), *owner))
    return fail(Errc::access_denied, "an ID is there twice");
  for (const std::string& certificate : certificates) {
    auto key = read_certificate(certificate);
    if (!key) continue;  // the metadata were taken with a key in each
    const Context context = make_context(*std::move(key));
    if (!context) return fail(Errc::unavailable, "no memory to verify it");
    if (xmlSecDSigCtxVerify(context.get(), signature.node()) < 0) continue;
    if (auto bytes = signed_bytes(*context)) return *std::move(bytes);
  }
  return fail(Errc::access_denied, certificates.empty()
                                       ? "the provider's metadata have no signing certificate"
                                       : "no certificate of the provider's metadata verifies it");
}

}  // namespace imdsd::saml
