// SPDX-License-Identifier: MIT
// Columns of the S3 tables that hold several things, as text. Decoders are strict: Errc::corrupt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "s3/object.h"

namespace imdsd::store {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// name=value&…, percent-encoded: any bytes, in order.
[[nodiscard]] std::string encode_pairs(const Pairs& pairs);
[[nodiscard]] base::Result<Pairs> decode_pairs(std::string_view text);

[[nodiscard]] std::string encode_tags(const s3::Tags& tags);
[[nodiscard]] base::Result<s3::Tags> decode_tags(std::string_view text);

/// Those that are not empty, by their names.
[[nodiscard]] std::string encode_headers(const s3::ContentHeaders& headers);
[[nodiscard]] base::Result<s3::ContentHeaders> decode_headers(std::string_view text);

/// "CRC32 FULL_OBJECT NhCmhg=="; empty without one.
[[nodiscard]] std::string encode_checksum(const std::optional<s3::Checksum>& checksum);
[[nodiscard]] base::Result<std::optional<s3::Checksum>> decode_checksum(std::string_view text);

[[nodiscard]] std::int64_t encode_time(base::SystemTime time);
[[nodiscard]] base::SystemTime decode_time(std::int64_t microseconds);

/// Text that a column cannot have.
[[nodiscard]] tl::unexpected<base::Error> damaged(std::string_view column);

}  // namespace imdsd::store
