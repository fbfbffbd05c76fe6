// SPDX-License-Identifier: MIT
#include "s3/payload.h"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "base/codec.h"
#include "base/digest.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

constexpr std::string_view kHash = "x-amz-content-sha256";
constexpr std::string_view kEcdsa = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD";

struct FormRow {
  std::string_view value;
  PayloadForm form;
};
constexpr std::array kForms{
    FormRow{"UNSIGNED-PAYLOAD", PayloadForm::plain_unsigned},
    FormRow{"STREAMING-UNSIGNED-PAYLOAD-TRAILER", PayloadForm::chunked_unsigned_trailer},
    FormRow{"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", PayloadForm::chunked_signed},
    FormRow{"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", PayloadForm::chunked_signed_trailer},
};

bool needs_signatures(PayloadForm form) {
  return form == PayloadForm::chunked_signed || form == PayloadForm::chunked_signed_trailer;
}

std::optional<std::uint64_t> parse_length(std::optional<std::string_view> text) {
  std::uint64_t length = 0;
  if (!text || text->empty()) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  const bool is_number = error == std::errc() && end == text->data() + text->size();
  return is_number ? std::optional(length) : std::nullopt;
}

aws::S3Outcome<Payload> parse_form(std::string_view value, SignedBy signed_by) {
  for (const auto& row : kForms) {
    if (row.value != value) continue;
    if (needs_signatures(row.form) && signed_by != SignedBy::header) {
      return tl::unexpected(
          invalid_request("Anonymous requests don't support this x-amz-content-sha256 value. "
                          "Please use UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER."));
    }
    return Payload{.form = row.form};
  }
  if (value.starts_with(kEcdsa)) return tl::unexpected(not_implemented_header(kHash));
  if (auto hash = base::hex_decode(value); hash && hash->size() == base::kSha256Bytes) {
    return Payload{.form = PayloadForm::plain_hashed, .sha256 = *std::move(hash)};
  }
  return tl::unexpected(invalid_argument(
      kHash, value,
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
      "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER "
      "or a valid sha256 value."));
}

}  // namespace

bool Payload::is_signed_in_chunks() const noexcept {
  return needs_signatures(form);
}

aws::S3Outcome<Payload> parse_payload(const base::HttpHeaders& headers, SignedBy signed_by) {
  const auto value = headers.get(kHash);
  if (!value && signed_by == SignedBy::header) {
    return tl::unexpected(
        invalid_request("Missing required header for this request: x-amz-content-sha256"));
  }
  IMDSD_TRY(Payload payload, parse_form(value.value_or("UNSIGNED-PAYLOAD"), signed_by));
  payload.bytes = parse_length(
      headers.get(payload.is_chunked() ? "x-amz-decoded-content-length" : "content-length"));
  if (payload.is_chunked() && !payload.bytes) return tl::unexpected(missing_content_length());
  return payload;
}

aws::S3Error missing_content_length() {
  return {411, "MissingContentLength", "You must provide the Content-Length HTTP header."};
}

}  // namespace imdsd::s3
