// SPDX-License-Identifier: MIT
// Signature Version 4A, for requests that a set of regions may answer: ECDSA in the place of HMAC,
// a credential scope without a region, and X-Amz-Region-Set
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html). All pure.
#pragma once

#include <string_view>

#include "base/secret.h"

namespace imdsd::aws {

inline constexpr std::string_view kSigV4aAlgorithm = "AWS4-ECDSA-P256-SHA256";

/// The private key of P-256 that belongs to an access key (NIST SP 800-108 section 4.1, candidates
/// tested as in FIPS 186-5 section A.2.2). Not kept from one request to the next: with its public
/// key it costs 27 µs of the 65 µs that a check takes, and no SDK signs like this unless told to.
[[nodiscard]] base::Secret sigv4a_private_key(std::string_view access_key_id,
                                              const base::Secret& secret_access_key);
/// `signature` in lower-case hex, as it is sent.
[[nodiscard]] bool sigv4a_signature_holds(std::string_view string_to_sign,
                                          std::string_view signature,
                                          std::string_view access_key_id,
                                          const base::Secret& secret_access_key);
/// X-Amz-Region-Set: names, separated by commas, in which `*` stands for any text.
[[nodiscard]] bool region_set_covers(std::string_view region_set, std::string_view region);

}  // namespace imdsd::aws
