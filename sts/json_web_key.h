// SPDX-License-Identifier: MIT
// JSON Web Keys (RFC 7517, RFC 7518 section 6): what an identity provider signs its tokens with.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/public_key.h"
#include "base/result.h"

namespace imdsd::sts {

struct JsonWebKey {
  std::string id;                                     // kid; empty: it has none
  std::optional<base::SignatureAlgorithm> algorithm;  // alg: the only one it is for
  base::PublicKey key;
};

/// The keys of a set that verify signatures.
struct JsonWebKeySet {
  std::vector<JsonWebKey> keys;
  std::vector<std::string> ignored;  // why the others are of no use here: "key `k1`: …"

  /// Keys of another kind, for another use, or that are broken are ignored, as RFC 7517 section 5
  /// asks. Errc::invalid_argument: this is no set of keys, or holds more than kMaxKeys.
  [[nodiscard]] static base::Result<JsonWebKeySet> parse(std::string_view json);

  [[nodiscard]] bool has(std::string_view id) const;
  /// True when a key that `id` names has made this signature. Without an id, the only key that
  /// this algorithm goes with must have.
  [[nodiscard]] bool verifies(std::string_view id, base::SignatureAlgorithm algorithm,
                              std::string_view data, std::string_view signature) const;
};

/// AWS takes 100 RSA and 100 EC keys
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html).
inline constexpr std::size_t kMaxKeys = 200;

}  // namespace imdsd::sts
