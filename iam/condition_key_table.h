// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace imdsd::iam {

/// True for a key (in lower case) that can be told to be absent from every request to this daemon:
/// it has a prefix of ours, as aws: or sts:, and is not among the keys that we fill; or it has no
/// prefix at all. Keys of other services and of identity providers (accounts.google.com:aud) are
/// not judged.
[[nodiscard]] bool is_never_filled(std::string_view key);

}  // namespace imdsd::iam
