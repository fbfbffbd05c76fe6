// SPDX-License-Identifier: MIT
// The data of an object on its way into a file.
#pragma once

#include <cstdint>
#include <optional>

#include "aws/s3_error.h"
#include "s3/context.h"
#include "s3/file_reader.h"
#include "s3/file_writer.h"
#include "s3/upload_body.h"

namespace imdsd::s3 {

struct Received {
  FileWriter file;
  UploadDigests digests;
};

/// The request's body, held against all that the request says of it. `algorithm`: of the checksum
/// that is kept, whichever the request vouches with; nothing: that one, or else S3's own choice.
/// EntityTooLarge over `max_bytes`, before a byte is read if the head tells.
[[nodiscard]] aws::S3Outcome<Received> receive_body(
    Context& context, std::uint64_t max_bytes, std::optional<ChecksumAlgorithm> algorithm = {});

/// `size` bytes of another object.
struct CopySource {
  FileReader& reader;
  std::uint64_t offset = 0, size = 0;
};
[[nodiscard]] aws::S3Outcome<Received> receive_copy(Context& context, const CopySource& source,
                                                    std::optional<ChecksumAlgorithm> algorithm);

}  // namespace imdsd::s3
