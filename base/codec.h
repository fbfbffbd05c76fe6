// SPDX-License-Identifier: MIT
// Text codings. Every decoder is strict: what the encoder could not have written is refused.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/utf8.h"

namespace imdsd::base {

/// RFC 4648 section 4, with padding.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
[[nodiscard]] Result<std::string> base64_decode(std::string_view text);
/// RFC 4648 section 5 (URL and file name safe), with padding.
[[nodiscard]] std::string base64url_encode(std::string_view bytes);
[[nodiscard]] Result<std::string> base64url_decode(std::string_view text);
/// The same without padding, as JSON Web Signatures have it (RFC 7515 section 2).
[[nodiscard]] std::string base64url_encode_unpadded(std::string_view bytes);
[[nodiscard]] Result<std::string> base64url_decode_unpadded(std::string_view text);
/// RFC 4648 section 6 alphabet (A-Z2-7), without padding. The bits
/// that fill up the last character are zero, and must be.
[[nodiscard]] std::string base32_encode(std::string_view bytes);
[[nodiscard]] Result<std::string> base32_decode(std::string_view text);
/// Lower case.
[[nodiscard]] std::string hex_encode(std::string_view bytes);
/// Lower or upper case.
[[nodiscard]] Result<std::string> hex_decode(std::string_view text);

/// RFC 3986: everything but unreserved characters as %XX (upper-case hex). With keep_slash, `/`
/// stays.
[[nodiscard]] std::string percent_encode(std::string_view text, bool keep_slash = false);
/// %XX only; `+` stays. A lone or broken escape is an error.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text);
/// application/x-www-form-urlencoded: the same, and `+` is a space.
[[nodiscard]] Result<std::string> form_decode(std::string_view text);

/// ASCII only; bytes above 0x7f stay.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;
/// Without leading and trailing spaces and tabs.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

}  // namespace imdsd::base
