// SPDX-License-Identifier: MIT
// The data of an upload, decoded, hashed and held against all that the request says of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/s3_error.h"
#include "aws/sigv4_chunk.h"
#include "base/http_message.h"
#include "s3/checksum.h"
#include "s3/payload.h"

namespace imdsd::s3 {

/// What a request says of its body, taken from its head alone: can be refused before a byte of the
/// body is read.
struct UploadTerms {
  Payload payload = {};
  std::optional<ChecksumClaim> checksum = {};
  std::optional<std::string> content_md5 = {};  // raw
};
/// As parse_payload() and parse_checksum_claim(), and InvalidDigest for a Content-MD5 that is none.
[[nodiscard]] aws::S3Outcome<UploadTerms> parse_upload_terms(const base::HttpRequest& request,
                                                             SignedBy signed_by);
/// InvalidRequest for an operation of `needs_checksum` whose request has none.
[[nodiscard]] aws::S3Outcome<void> require_checksum(const UploadTerms& terms);

struct UploadDigests {
  std::uint64_t size = 0;
  std::string etag = {};  // hexadecimal MD5, no quotes
  Checksum checksum = {};
};

/// Reads from `source`, which must outlive it, a piece at a time; one thread. Memory: one buffer.
class UploadBody {
 public:
  struct Options {
    std::uint64_t max_bytes = 0;                                 // EntityTooLarge beyond
    ChecksumAlgorithm algorithm = ChecksumAlgorithm::crc64nvme;  // if the request names none
    std::optional<aws::ChunkSignatures> signatures = {};  // for the signed forms; must be there
  };
  UploadBody(base::HttpBodyReader& source, UploadTerms terms, Options options);
  ~UploadBody();

  /// The next piece of data, good until the next call; empty at the end, when everything has been
  /// checked: length (IncompleteBody), x-amz-content-sha256, signatures of chunks and trailer,
  /// checksum and Content-MD5. What came before an error is not to be kept.
  [[nodiscard]] aws::S3Outcome<std::string_view> next();
  /// After the end.
  [[nodiscard]] const UploadDigests& digests() const noexcept;

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// The whole body of a document, within `max_bytes` (MalformedXML beyond, as S3): from
/// `request.body`, or from `request.reader`.
[[nodiscard]] aws::S3Outcome<std::string> read_document(
    const base::HttpRequest& request, const UploadTerms& terms,
    std::optional<aws::ChunkSignatures> signatures, std::size_t max_bytes);

}  // namespace imdsd::s3
