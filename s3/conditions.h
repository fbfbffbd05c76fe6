// SPDX-License-Identifier: MIT
// Conditional requests in S3's order
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html, RFC 9110
// section 13.2.2). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aws/s3_error.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "s3/index.h"

namespace imdsd::s3 {

/// Dates that are none are left out, as RFC 9110 has it.
struct Conditions {
  std::optional<std::string> if_match = {};       // as sent
  std::optional<std::string> if_none_match = {};  // as sent
  std::optional<base::SystemTime> if_modified_since = {};
  std::optional<base::SystemTime> if_unmodified_since = {};
};
[[nodiscard]] Conditions parse_conditions(const base::HttpHeaders& headers);
/// x-amz-copy-source-if-match and its three sisters.
[[nodiscard]] Conditions parse_copy_source_conditions(const base::HttpHeaders& headers);

enum class Verdict : std::uint8_t { proceed, not_modified, failed };

struct ConditionsResult {
  Verdict verdict = Verdict::proceed;
  std::string_view condition = {};  // If-Match …, for precondition_failed()
};
/// Of GET, HEAD. `etag` without quotes; both kinds of date count whole seconds.
[[nodiscard]] ConditionsResult check_conditions(const Conditions& conditions, std::string_view etag,
                                                base::SystemTime last_modified);
/// Of the source of a copy: what would be 304 fails, too.
[[nodiscard]] aws::S3Outcome<void> check_copy_source(const Conditions& conditions,
                                                     std::string_view etag,
                                                     base::SystemTime last_modified);

/// Conditional writes: `If-None-Match: *`, `If-Match: "etag"` or `*`; other forms are
/// NotImplemented, as with S3.
[[nodiscard]] aws::S3Outcome<WriteCondition> parse_write_condition(
    const base::HttpHeaders& headers);

/// Is `etag` (no quotes) in a list of If-Match, or is that `*`? Quotes may be missing, as S3 takes
/// it.
[[nodiscard]] bool etag_matches(std::string_view list, std::string_view etag);

}  // namespace imdsd::s3
