// SPDX-License-Identifier: MIT
// What names and paths of entities may be
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names).
#pragma once

#include <cstddef>
#include <string_view>

namespace imdsd::iam {

inline constexpr std::size_t kMaxUserName = 64;
inline constexpr std::size_t kMaxRoleName = 64;
inline constexpr std::size_t kMaxName = 128;  // of all others, and of users that exist
inline constexpr std::size_t kMaxPath = 512;

/// [\w+=,.@-]+, of any length.
[[nodiscard]] bool is_name(std::string_view text);
/// "/", or "/…/" of U+0021 to U+007E.
[[nodiscard]] bool is_path(std::string_view text);
/// The same, but of letters, digits and .,+@=_- alone: paths of managed policies.
[[nodiscard]] bool is_policy_path(std::string_view text);
/// 16 to 128 letters, digits and underscores.
[[nodiscard]] bool is_access_key_id(std::string_view text);
/// A URL that an OpenID Connect provider may have: https:// and a host; a path is allowed, a query
/// is not. Unlike in AWS, http:// will do on loopback.
[[nodiscard]] bool is_oidc_provider_url(std::string_view url);
/// The name of an OpenID Connect provider in its ARN: its URL without the scheme and a final slash.
[[nodiscard]] std::string_view oidc_provider_name(std::string_view url);

}  // namespace imdsd::iam
