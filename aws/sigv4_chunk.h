// SPDX-License-Identifier: MIT
// The chain of signatures in a body of signed chunks: each signs the one before it
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html).
#pragma once

#include <string>
#include <string_view>

#include "aws/sigv4_authorization.h"
#include "base/secret.h"

namespace imdsd::aws {

/// Begins at the signature of the head, which must have been verified. One thread.
class ChunkSignatures {
 public:
  ChunkSignatures(const Authorization& authorization, const base::Secret& secret_access_key);

  /// Whether `signature` (lower-case hexadecimal) is that of the next chunk, whose data have this
  /// SHA-256 (raw). If so, the chain goes on from it.
  [[nodiscard]] bool takes_chunk(std::string_view signature, std::string_view sha256);
  /// The same for the trailers behind the last chunk, each `name:value\n`.
  [[nodiscard]] bool takes_trailer(std::string_view signature, std::string_view sha256);

 private:
  [[nodiscard]] bool takes(std::string_view signature, std::string_view string_to_sign);

  base::Secret key_;  // derived for day, region and service
  std::string date_, scope_, previous_;
};

}  // namespace imdsd::aws
