// SPDX-License-Identifier: MIT
// As metadata, any input is refused or read. As a response, it is refused, or says what the signed
// ones of the corpus say: nobody but their provider can sign another.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/codec.h"
#include "saml/metadata.h"
#include "saml/response.h"
#include "tests/fuzz/saml_metadata.h"

namespace saml = imdsd::saml;

namespace {

bool is_expected(const saml::Identity& identity) {
  return identity.issuer == "https://idp.example/saml" && identity.subject == "alice" &&
         identity.subject_type == "persistent" &&
         identity.recipient == "https://signin.aws.amazon.com/saml" &&
         !identity.session_not_on_or_after && identity.attributes.size() == 2 &&
         identity.attributes[0].values.at(0) ==
             "arn:aws:iam::123456789012:role/app,arn:aws:iam::123456789012:saml-provider/idp" &&
         identity.attributes[1].values.at(0) == "alice";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const saml::Metadata provider = saml::parse_metadata(kSamlMetadata).value();
  constexpr imdsd::base::SystemTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)saml::parse_metadata(text);
  (void)saml::verify_response(text, provider, "", kNow);
  const auto verified = saml::verify_response(imdsd::base::base64_encode(text), provider, "", kNow);
  if (verified && !is_expected(*verified)) std::abort();
  return 0;
}
