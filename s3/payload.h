// SPDX-License-Identifier: MIT
// How a body is sent and what vouches for it: x-amz-content-sha256 and its streaming forms
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aws/s3_error.h"
#include "base/http_message.h"

namespace imdsd::s3 {

enum class PayloadForm : std::uint8_t {
  plain_hashed,              // the SHA-256 of the body stands in the header
  plain_unsigned,            // UNSIGNED-PAYLOAD, and what is not signed or presigned
  chunked_unsigned_trailer,  // STREAMING-UNSIGNED-PAYLOAD-TRAILER
  chunked_signed,            // STREAMING-AWS4-HMAC-SHA256-PAYLOAD
  chunked_signed_trailer,    // STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER
};

struct Payload {
  PayloadForm form = PayloadForm::plain_unsigned;
  std::string sha256 = {};                  // raw, for plain_hashed
  std::optional<std::uint64_t> bytes = {};  // of the data, decoded; nothing: neither header tells
  [[nodiscard]] bool is_chunked() const noexcept {
    return form >= PayloadForm::chunked_unsigned_trailer;
  }
  [[nodiscard]] bool has_trailer() const noexcept {
    return form == PayloadForm::chunked_unsigned_trailer ||
           form == PayloadForm::chunked_signed_trailer;
  }
  [[nodiscard]] bool is_signed_in_chunks() const noexcept;
};

/// By a header: then x-amz-content-sha256 must be there. In a presigned URL, or not at all.
enum class SignedBy : std::uint8_t { header, query, nobody };

/// InvalidRequest for a missing x-amz-content-sha256, InvalidArgument for one that is none,
/// NotImplemented for the ECDSA forms, MissingContentLength for a chunked one without
/// x-amz-decoded-content-length.
[[nodiscard]] aws::S3Outcome<Payload> parse_payload(const base::HttpHeaders& headers,
                                                    SignedBy signed_by);
/// 411: of uploads whose `bytes` nothing tells.
[[nodiscard]] aws::S3Error missing_content_length();

}  // namespace imdsd::s3
