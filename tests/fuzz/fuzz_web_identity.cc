// SPDX-License-Identifier: MIT
// Any text is a token, a key set and a discovery document, or an error that says why; a token's
// claims are an identity or an error of the service; no key of ours has signed any of it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sts/json_web_key.h"
#include "sts/json_web_token.h"
#include "sts/openid_configuration.h"
#include "sts/web_identity.h"

namespace {

using namespace imdsd::sts;

/// The public key of RFC 7515 appendix A.3, whose tokens are no tokens of OpenID Connect.
const JsonWebKeySet& keys() {
  static const JsonWebKeySet set = JsonWebKeySet::parse(R"({"keys":[{"kty":"EC","crv":"P-256",
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})")
                                       .value();
  return set;
}

void read_claims(const imdsd::iam::JsonNode& claims) {
  const auto identity = WebIdentity::parse(claims);
  if (!identity) {
    if (!identity.error().message || identity.error().message->empty()) std::abort();
    return;
  }
  if (identity->issuer.empty() || identity->subject.empty() || identity->audiences.empty()) {
    std::abort();
  }
  (void)identity->refuse_time({});
  (void)identity->find_audience({"sts.amazonaws.com"});
  (void)trust_keys(*identity, "issuer", "audience");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto token = JsonWebToken::parse(text);
  if (!token && token.error().message.empty()) std::abort();
  if (token) {
    if (keys().verifies("", token->algorithm, token->signed_text, token->signature)) std::abort();
    read_claims(token->claims);
  }
  if (const auto json = imdsd::iam::parse_json(text)) read_claims(*json);
  const auto set = JsonWebKeySet::parse(text);
  if (set && token) {
    (void)set->verifies(token->key_id, token->algorithm, token->signed_text, token->signature);
  }
  const auto document = OpenidConfiguration::parse(text);
  if (document && (document->issuer.empty() || document->jwks_uri.empty())) std::abort();
  return 0;
}
