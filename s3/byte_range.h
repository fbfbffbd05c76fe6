// SPDX-License-Identifier: MIT
// Ranges as S3 takes them (RFC 9110 section 14.2, single ranges only). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aws/s3_error.h"

namespace imdsd::s3 {

struct ByteRange {
  std::uint64_t first = 0, last = 0;  // both included
  [[nodiscard]] std::uint64_t size() const noexcept { return last - first + 1; }
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// Nothing: the whole object is the answer, with 200. So it is for what is not `bytes`, for several
/// ranges and for `bytes=1-0`. InvalidRange (416) when no byte of the object is in it.
[[nodiscard]] aws::S3Outcome<std::optional<ByteRange>> resolve_range(std::string_view header,
                                                                     std::uint64_t size);
/// "bytes 0-9/100".
[[nodiscard]] std::string content_range(const ByteRange& range, std::uint64_t size);
/// x-amz-copy-source-range: `bytes=first-last`, all of it within the source, else InvalidArgument.
[[nodiscard]] aws::S3Outcome<ByteRange> parse_copy_source_range(std::string_view header,
                                                                std::uint64_t size);

}  // namespace imdsd::s3
