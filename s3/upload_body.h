// SPDX-License-Identifier: MIT
// The body of a request, decoded, hashed and held against all that the request says of it.
#pragma once

#include <cstddef>
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

/// What a request says of its body, from its head alone: it can be refused before a byte of the
/// body is read.
struct UploadTerms {
  Payload payload = {};
  std::optional<ChecksumClaim> checksum = {};
  std::optional<std::string> content_md5 = {};  // raw
};
/// The errors of parse_payload() and parse_checksum_claim(), and InvalidDigest for a Content-MD5
/// that is none.
[[nodiscard]] aws::S3Outcome<UploadTerms> parse_upload_terms(const base::HttpHeaders& headers,
                                                             SignedBy signed_by);
/// InvalidRequest if there is neither Content-MD5 nor a checksum, which some operations want.
[[nodiscard]] aws::S3Outcome<void> require_checksum(const UploadTerms& terms);

struct UploadDigests {
  std::uint64_t size = 0;
  std::string etag = {};   // hexadecimal MD5, no quotes
  Checksum checksum = {};  // by Options::algorithm, or else by the request's own, or else CRC64NVME
  std::optional<Checksum> claimed = {};  // which the request named, and which held
};

/// Reads from `source`, which must outlive it, a piece at a time. Its memory is one buffer of
/// kBufferBytes. One thread.
class UploadBody {
 public:
  static constexpr std::size_t kBufferBytes = 128 * 1024;

  struct Options {
    std::uint64_t max_bytes = 0;                          // EntityTooLarge beyond
    std::optional<ChecksumAlgorithm> algorithm = {};      // of the checksum to keep
    std::optional<aws::ChunkSignatures> signatures = {};  // must be there for signed chunks
    bool unchecked_chunks = false;  // signed ones are read without: of auth.mode = "off"
  };
  UploadBody(base::HttpBodyReader& source, UploadTerms terms, Options options);
  UploadBody(UploadBody&&) noexcept;
  ~UploadBody();

  /// The next piece of data, good until the next call; empty at the end, when all has been checked:
  /// length (IncompleteBody), XAmzContentSHA256Mismatch, signatures of chunks and trailer,
  /// BadDigest of checksum and Content-MD5. What came before an error is not to be kept, and
  /// nothing more to be read.
  [[nodiscard]] aws::S3Outcome<std::string_view> next();
  /// After the end.
  [[nodiscard]] const UploadDigests& digests() const noexcept;

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// The whole of a small body, checked in the same way; MaxMessageLengthExceeded beyond `max_bytes`.
/// It comes from `request.reader`, or `request.body` without one.
[[nodiscard]] aws::S3Outcome<std::string> read_document(
    const base::HttpRequest& request, UploadTerms terms,
    std::optional<aws::ChunkSignatures> signatures, std::size_t max_bytes);

}  // namespace imdsd::s3
