// SPDX-License-Identifier: MIT
#include "saml/metadata.h"

#include <algorithm>
#include <utility>

#include "aws/time_format.h"
#include "base/codec.h"
#include "saml/document_bounds.h"
#include "saml/names.h"
#include "saml/verification_key.h"
#include "xml/document.h"

namespace imdsd::saml {
namespace {

using base::Errc;
using base::fail;
using base::Result;

Result<std::string> read_der(xml::Element certificate) {
  std::string text = certificate.text().value_or("");
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  auto der = base::base64_decode(text);
  if (!der) return base::fail_in("a signing certificate", std::move(der).error());
  if (auto key = read_certificate(*der); !key) {
    return base::fail_in("a signing certificate", std::move(key).error());
  }
  return der;
}

/// Those for signing, and those for no particular use.
Result<void> read_certificates(xml::Element descriptor, std::vector<std::string>& out) {
  for (const xml::Element key : descriptor.children(kMetadataNs, "KeyDescriptor")) {
    if (key.attribute("use").value_or("signing") != "signing") continue;
    for (const xml::Element info : key.children(kSignatureNs, "KeyInfo")) {
      for (const xml::Element data : info.children(kSignatureNs, "X509Data")) {
        for (const xml::Element certificate : data.children(kSignatureNs, "X509Certificate")) {
          IMDSD_TRY(auto der, read_der(certificate));
          out.push_back(std::move(der));
        }
      }
    }
  }
  return {};
}

}  // namespace

Result<Metadata> parse_metadata(std::string_view xml) {
  // A byte order mark is no part of the document.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (xml.starts_with(kByteOrderMark)) xml.remove_prefix(kByteOrderMark.size());
  IMDSD_TRY(const auto document, xml::Document::parse(xml, kMetadataBounds));
  const xml::Element root = document.root();
  if (!root.is(kMetadataNs, "EntityDescriptor")) {
    return fail(Errc::invalid_argument, "is not an EntityDescriptor");
  }
  Metadata metadata;
  metadata.entity_id = root.attribute("entityID").value_or("");
  if (metadata.entity_id.empty()) return fail(Errc::invalid_argument, "has no entityID");
  if (const auto valid_until = root.attribute("validUntil")) {
    IMDSD_TRY(metadata.valid_until, aws::parse_iso8601(*valid_until));
  }
  for (const xml::Element descriptor : root.children(kMetadataNs, "IDPSSODescriptor")) {
    IMDSD_TRY_VOID(read_certificates(descriptor, metadata.signing_certificates));
  }
  return metadata;
}

}  // namespace imdsd::saml
