// SPDX-License-Identifier: MIT
// What is refused whatever it asks for, and the header lines that decide it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/http_message.h"
#include "imds/snapshot.h"

namespace imdsd::imds {

inline constexpr std::string_view kTokenHeader = "X-aws-ec2-metadata-token";
inline constexpr std::string_view kTokenTtlHeader = "X-aws-ec2-metadata-token-ttl-seconds";

/// The header lines that IMDS looks at, found in one pass. Views into the request.
struct RequestHeaders {
  std::string_view host;
  std::string_view token_ttl;  // the first line
  std::size_t token_lines = 0;
  std::size_t token_ttl_lines = 0;
  bool has_origin = false;
  bool cross_site = false;
  bool forwarded = false;

  [[nodiscard]] static RequestHeaders of(const base::HttpHeaders& headers);
  /// Either header makes a request one of version 2, for better or worse
  /// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html).
  [[nodiscard]] bool is_v2() const noexcept { return token_lines + token_ttl_lines > 0; }
};

/// Why the request gets 403; none: it may go on. Keeps web pages out (a page's script sends Origin;
/// a rebound name shows in Host), and open proxies (X-Forwarded-For) away from tokens.
[[nodiscard]] std::optional<std::string_view> refusal(const base::HttpRequest& request,
                                                      const RequestHeaders& headers,
                                                      const MetadataOptions& options);

}  // namespace imdsd::imds
