// SPDX-License-Identifier: MIT
#include "saml/response.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/codec.h"
#include "saml/assertion.h"
#include "saml/document_bounds.h"
#include "saml/names.h"
#include "saml/signature.h"
#include "saml/signature_form.h"
#include "xml/document.h"

namespace imdsd::saml {
namespace {

using Reason = Refusal::Reason;

constexpr const char* kNotBase64 = "Invalid base64 SAMLResponse";
constexpr const char* kSuccess = "urn:oasis:names:tc:SAML:2.0:status:Success";

tl::unexpected<Refusal> refuse(Reason reason, std::string message) {
  return tl::unexpected(Refusal{reason, std::move(message)});
}

tl::unexpected<Refusal> bad_signature(const std::string& why) {
  return refuse(Reason::invalid, "Response signature invalid: " + why);
}

Verified<xml::Document> parse(std::string_view text) {
  if (text.size() > kMaxResponseText) return refuse(Reason::unreadable, kNotBase64);
  std::string plain(text);
  // Line breaks are no part of base64 in a form field (RFC 2045 section 6.8).
  std::erase_if(plain, [](char c) { return c == '\r' || c == '\n'; });
  auto xml = base::base64_decode(plain);
  if (!xml) return refuse(Reason::unreadable, kNotBase64);
  auto document = xml::Document::parse(*xml, kResponseBounds);
  if (!document) {
    return refuse(Reason::unreadable, "Invalid SAMLResponse: it " + document.error().message);
  }
  return std::move(*document);
}

std::vector<xml::Element> all_of(xml::Element root, std::string_view ns, std::string_view name) {
  auto found = root.subtree();
  std::erase_if(found, [&](const xml::Element& element) { return !element.is(ns, name); });
  return found;
}

Verified<void> check_status(xml::Element response) {
  const auto status = response.only_child(kProtocolNs, "Status");
  const auto code = status ? status->only_child(kProtocolNs, "StatusCode") : std::nullopt;
  const auto value = code ? code->attribute("Value") : std::nullopt;
  if (value == kSuccess) return {};
  return refuse(Reason::rejected, "The identity provider did not sign the user in: its status is " +
                                      value.value_or("missing"));
}

/// The one assertion, wherever else one may be hidden.
Verified<xml::Element> find_assertion(xml::Element response) {
  if (!all_of(response, kAssertionNs, "EncryptedAssertion").empty()) {
    return refuse(Reason::invalid,
                  "Response has an encrypted assertion; the provider has no private key to decrypt "
                  "it with");
  }
  const auto assertions = all_of(response, kAssertionNs, "Assertion");
  if (assertions.size() != 1 || assertions[0].parent() != response) {
    return refuse(Reason::invalid, "Response must contain exactly one assertion");
  }
  return assertions[0];
}

bool is_issued_by(xml::Element element, const std::string& entity_id) {
  const auto issuers = element.children(kAssertionNs, "Issuer");
  return issuers.empty() || (issuers.size() == 1 && issuers[0].text() == entity_id);
}

/// The bytes that the signature of `owner` covers; nothing if it is not signed.
Verified<std::optional<std::string>> verify(const xml::Document& document, xml::Element owner,
                                            const Metadata& provider) {
  const auto signatures = owner.children(kSignatureNs, "Signature");
  if (signatures.empty()) return std::optional<std::string>();
  auto bytes = verify_signature(document, signatures[0], provider.signing_certificates);
  if (!bytes) return bad_signature(bytes.error().message);
  return std::optional(*std::move(bytes));
}

/// What was signed, as a document of its own: the assertion, or the response that it is in.
Verified<xml::Document> verified_document(const xml::Document& document, xml::Element assertion,
                                          const Metadata& provider) {
  const xml::Element response = document.root();
  if (auto ids = check_ids(response); !ids) return bad_signature(ids.error().message);
  const auto of_response = response.children(kSignatureNs, "Signature").size();
  const auto of_assertion = assertion.children(kSignatureNs, "Signature").size();
  const auto all = all_of(response, kSignatureNs, "Signature").size();
  if (all == 0) return bad_signature("neither the response nor its assertion is signed");
  if (of_response > 1 || of_assertion > 1 || of_response + of_assertion != all) {
    return bad_signature(
        "it has signatures in other places than one in the response and one in "
        "its assertion");
  }
  auto response_bytes = verify(document, response, provider);
  if (!response_bytes) return tl::unexpected(std::move(response_bytes).error());
  auto assertion_bytes = verify(document, assertion, provider);
  if (!assertion_bytes) return tl::unexpected(std::move(assertion_bytes).error());
  const std::string& bytes = *assertion_bytes ? **assertion_bytes : **response_bytes;
  auto verified = xml::Document::parse(bytes, kResponseBounds);
  if (!verified) return bad_signature("what was signed " + verified.error().message);
  return std::move(*verified);
}

}  // namespace

Verified<Identity> verify_response(std::string_view text, const Metadata& provider,
                                   std::string_view provider_uuid, base::SystemTime now) {
  const auto document = parse(text);
  if (!document) return tl::unexpected(document.error());
  const xml::Element response = document->root();
  if (!response.is(kProtocolNs, "Response") || response.attribute("Version") != "2.0") {
    return refuse(Reason::unreadable, "Invalid SAMLResponse: it is not a Response of SAML 2.0");
  }
  if (auto status = check_status(response); !status) {
    return tl::unexpected(std::move(status).error());
  }
  const auto assertion = find_assertion(response);
  if (!assertion) return tl::unexpected(assertion.error());
  // Told before the signature is looked at, as AWS does it: another provider's would not verify.
  if (!is_issued_by(response, provider.entity_id) ||
      !is_issued_by(*assertion, provider.entity_id)) {
    return refuse(Reason::unreadable, kWrongIssuer);
  }
  if (provider.valid_until && *provider.valid_until <= now) {
    return refuse(Reason::invalid, "The metadata of the provider have expired");
  }
  const auto verified = verified_document(*document, *assertion, provider);
  if (!verified) return tl::unexpected(verified.error());
  xml::Element signed_assertion = verified->root();
  if (signed_assertion.is(kProtocolNs, "Response")) {
    const auto inner = find_assertion(signed_assertion);
    if (!inner) return tl::unexpected(inner.error());
    signed_assertion = *inner;
  }
  if (!signed_assertion.is(kAssertionNs, "Assertion")) {
    return bad_signature("what was signed is not an assertion");
  }
  return read_assertion(signed_assertion, {provider, provider_uuid, now});
}

}  // namespace imdsd::saml
