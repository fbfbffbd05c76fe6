// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/public_key.h"
#include "base/result.h"
#include "iam/json_document.h"

namespace imdsd::sts {

/// A JSON Web Token in its compact form, signed and not encrypted (RFC 7519, RFC 7515 section 7.1).
/// Parsed only: nothing that it says is true until a key has verified it.
struct JsonWebToken {
  base::SignatureAlgorithm algorithm = base::SignatureAlgorithm::rs256;
  std::string key_id;       // kid; empty: none
  std::string signed_text;  // header and claims as they were sent
  std::string signature;    // raw
  iam::JsonNode claims;     // an object

  /// Errc::invalid_argument says what is wrong, in words that quote nothing of the token. Refused
  /// are all algorithms but RS256 to ES512, `none` and HMAC among them, headers that must be
  /// understood (`crit`), members that are there twice, and base64url that another text would
  /// decode to as well. Keys that the header itself offers (jwk, jku, x5c, x5u) are not looked at.
  [[nodiscard]] static base::Result<JsonWebToken> parse(std::string_view text);
};

}  // namespace imdsd::sts
