// SPDX-License-Identifier: MIT
#include "sts/openid_configuration.h"

#include "iam/json_document.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using iam::JsonNode;

Result<std::string> text_of(const JsonNode& document, std::string_view name) {
  const JsonNode* const member = document.find(name);
  if (member == nullptr || member->kind != JsonNode::Kind::string || member->text.empty()) {
    return fail(Errc::invalid_argument,
                "the discovery document has no text `" + std::string(name) + "`");
  }
  return member->text;
}

}  // namespace

Result<OpenidConfiguration> OpenidConfiguration::parse(std::string_view json) {
  const auto document = iam::parse_json(json);
  if (!document) {
    return fail(Errc::invalid_argument,
                "the discovery document is not JSON: " + document.error().message);
  }
  OpenidConfiguration out;
  IMDSD_TRY(out.issuer, text_of(*document, "issuer"));
  IMDSD_TRY(out.jwks_uri, text_of(*document, "jwks_uri"));
  for (const std::string_view name : {"response_types_supported", "subject_types_supported",
                                      "id_token_signing_alg_values_supported"}) {
    const JsonNode* const list = document->find(name);
    if (list == nullptr || list->kind != JsonNode::Kind::array) {
      return fail(Errc::invalid_argument,
                  "the discovery document has no list `" + std::string(name) + "`");
    }
  }
  return out;
}

std::string openid_configuration_url(std::string_view issuer) {
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string(issuer) + "/.well-known/openid-configuration";
}

}  // namespace imdsd::sts
