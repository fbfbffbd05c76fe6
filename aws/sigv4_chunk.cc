// SPDX-License-Identifier: MIT
#include "aws/sigv4_chunk.h"

#include <utility>

#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::aws {

ChunkSignatures::ChunkSignatures(const Authorization& authorization,
                                 const base::Secret& secret_access_key)
    : key_(signing_key(secret_access_key, authorization.scope)),
      date_(authorization.amz_date),
      scope_(authorization.scope.to_string()),
      previous_(authorization.signature) {}

bool ChunkSignatures::takes_chunk(std::string_view signature, std::string_view sha256) {
  static const std::string kHashOfNothing = base::hex_encode(base::sha256(""));
  return takes(signature, "AWS4-HMAC-SHA256-PAYLOAD\n" + date_ + "\n" + scope_ + "\n" + previous_ +
                              "\n" + kHashOfNothing + "\n" + base::hex_encode(sha256));
}

bool ChunkSignatures::takes_trailer(std::string_view signature, std::string_view sha256) {
  return takes(signature, "AWS4-HMAC-SHA256-TRAILER\n" + date_ + "\n" + scope_ + "\n" + previous_ +
                              "\n" + base::hex_encode(sha256));
}

bool ChunkSignatures::takes(std::string_view signature, std::string_view string_to_sign) {
  std::string expected = base::hex_encode(base::hmac_sha256(key_.reveal(), string_to_sign));
  if (!base::constant_time_equal(expected, signature)) return false;
  previous_ = std::move(expected);
  return true;
}

}  // namespace imdsd::aws
