// SPDX-License-Identifier: MIT
#include "s3/presigned_headers.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "aws/query_string.h"
#include "aws/sigv4_claim.h"
#include "base/codec.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

/// Of the signature itself.
constexpr std::array<std::string_view, 8> kSignature{
    "x-amz-algorithm",  "x-amz-credential",     "x-amz-date",          "x-amz-expires",
    "x-amz-region-set", "x-amz-security-token", "x-amz-signedheaders", "x-amz-signature",
};

bool stands_for_header(std::string_view name) {
  return name.starts_with("x-amz-") && !name.starts_with("x-amz-checksum-") &&
         name != "x-amz-sdk-checksum-algorithm" &&
         std::find(kSignature.begin(), kSignature.end(), name) == kSignature.end();
}

/// RFC 9110 section 5.6.2, in lower case.
bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// RFC 9110 section 5.5.
bool is_field_char(char c) {
  return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
}

}  // namespace

aws::S3Outcome<std::optional<base::HttpRequest>> with_headers_of_query(
    const base::HttpRequest& request) {
  if (aws::is_header_signed(request) || !aws::is_presigned(request)) {
    return std::optional<base::HttpRequest>();
  }
  std::optional<base::HttpRequest> out = request;
  std::string_view query = request.query();
  while (const auto parameter = aws::next_parameter(query)) {
    auto decoded = base::form_decode(parameter->name);
    auto value = base::form_decode(parameter->value);
    if (!decoded || !value) continue;
    std::string name = base::to_lower(*decoded);
    if (!stands_for_header(name) || request.headers.has(name)) continue;
    if (!std::all_of(name.begin(), name.end(), is_token_char) ||
        !std::all_of(value->begin(), value->end(), is_field_char)) {
      return tl::unexpected(
          invalid_argument(name, *value, "The parameter cannot stand for a header."));
    }
    out->headers.add(std::move(name), *std::move(value));
  }
  return out;
}

}  // namespace imdsd::s3
