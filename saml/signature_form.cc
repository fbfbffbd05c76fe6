// SPDX-License-Identifier: MIT
#include "saml/signature_form.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>

#include <libxml/tree.h>

#include "saml/names.h"

namespace imdsd::saml {
namespace {

using base::Errc;
using base::Result;

tl::unexpected<base::Error> refuse(std::string what) {
  return base::fail(Errc::invalid_argument, std::move(what));
}

constexpr std::string_view kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

constexpr std::array<std::string_view, 6> kSignatureMethods{
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
};
constexpr std::array<std::string_view, 3> kDigestMethods{
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
};
constexpr std::array<std::string_view, 1> kCanonicalizations{kExclusiveC14n};

/// Are the children these, in this order, all of XML Signature?
bool has_children(xml::Element element, std::span<const std::string_view> names) {
  const auto children = element.children();
  return std::equal(children.begin(), children.end(), names.begin(), names.end(),
                    [](const xml::Element& child, std::string_view name) {
                      return child.is(kSignatureNs, name);
                    });
}

Result<void> check_algorithm(xml::Element element, std::span<const std::string_view> allowed) {
  const std::string algorithm = element.attribute("Algorithm").value_or("");
  if (std::find(allowed.begin(), allowed.end(), algorithm) == allowed.end()) {
    return refuse(std::string(element.name()) + " `" + algorithm + "` is not accepted");
  }
  return {};
}

/// Exclusive canonicalization may name prefixes; nothing else has parameters.
Result<void> check_parameters(xml::Element element) {
  const auto children = element.children();
  if (children.empty()) return {};
  const bool may_have = element.attribute("Algorithm") == kExclusiveC14n;
  if (may_have && children.size() == 1 && children[0].is(kExclusiveC14n, "InclusiveNamespaces")) {
    return {};
  }
  return refuse(std::string(element.name()) + " has parameters");
}

Result<void> check_transforms(xml::Element transforms) {
  constexpr std::array<std::string_view, 2> kTransforms{"Transform", "Transform"};
  if (!has_children(transforms, kTransforms)) return refuse("there are not two transforms");
  const auto both = transforms.children();
  IMDSD_TRY_VOID(check_algorithm(both[0], std::array{kEnveloped}));
  IMDSD_TRY_VOID(check_algorithm(both[1], kCanonicalizations));
  IMDSD_TRY_VOID(check_parameters(both[0]));
  return check_parameters(both[1]);
}

/// An ID as xs:ID is in practice. What is in the URI ends up in an XPointer expression.
bool is_id(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto is_more = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), is_more);
}

Result<void> check_reference(xml::Element reference, xml::Element owner) {
  const std::string id = owner.attribute("ID").value_or("");
  if (!is_id(id)) return refuse("the signed element has no ID");
  if (reference.attribute("URI") != "#" + id) {
    return refuse("it does not refer to the element that it is in");
  }
  constexpr std::array<std::string_view, 3> kChildren{"Transforms", "DigestMethod", "DigestValue"};
  if (!has_children(reference, kChildren)) return refuse("its Reference has other children");
  const auto children = reference.children();
  IMDSD_TRY_VOID(check_transforms(children[0]));
  IMDSD_TRY_VOID(check_algorithm(children[1], kDigestMethods));
  return check_parameters(children[1]);
}

Result<void> check_signed_info(xml::Element info, xml::Element owner) {
  constexpr std::array<std::string_view, 3> kChildren{"CanonicalizationMethod", "SignatureMethod",
                                                      "Reference"};
  if (!has_children(info, kChildren)) return refuse("it does not have one reference");
  const auto children = info.children();
  IMDSD_TRY_VOID(check_algorithm(children[0], kCanonicalizations));
  IMDSD_TRY_VOID(check_parameters(children[0]));
  IMDSD_TRY_VOID(check_algorithm(children[1], kSignatureMethods));
  IMDSD_TRY_VOID(check_parameters(children[1]));
  return check_reference(children[2], owner);
}

bool is_id_attribute(const xmlAttr& attribute) {
  return xmlStrcasecmp(attribute.name, BAD_CAST "id") == 0;
}

}  // namespace

Result<void> check_signature_form(xml::Element signature, xml::Element owner) {
  constexpr std::array<std::string_view, 3> kChildren{"SignedInfo", "SignatureValue", "KeyInfo"};
  const std::span<const std::string_view> names(kChildren);
  if (!has_children(signature, names) && !has_children(signature, names.first(2))) {
    return refuse("it has other children than SignedInfo, SignatureValue and KeyInfo");
  }
  return check_signed_info(signature.children()[0], owner);
}

Result<void> check_ids(xml::Element root) {
  std::set<std::string> seen;
  for (const xml::Element element : root.subtree()) {
    for (const xmlAttr* attribute = element.node()->properties; attribute != nullptr;
         attribute = attribute->next) {
      if (!is_id_attribute(*attribute)) continue;
      const char* const name = reinterpret_cast<const char*>(attribute->name);
      const auto value = element.attribute(name);
      if (!value || !seen.insert(*value).second) return refuse("an ID is there twice");
    }
  }
  return {};
}

}  // namespace imdsd::saml
