// SPDX-License-Identifier: MIT
// ETags are kept without their quotes (RFC 9110 section 8.8.3), and travel with them; S3 takes them
// without, too.
#pragma once

#include <string>
#include <string_view>

namespace imdsd::s3 {

[[nodiscard]] std::string quoted_etag(std::string_view etag);
/// Without a pair of quotes around it, if it has one.
[[nodiscard]] std::string_view unquoted_etag(std::string_view text) noexcept;

}  // namespace imdsd::s3
