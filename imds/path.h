// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::imds {

/// The raw path of a request as the metadata tree spells it: no slash at either end, none doubled,
/// each segment percent-decoded once. Clients send all of "/latest/meta-data/",
/// "//latest/meta-data" and
/// "/latest/meta-data//mac".
///
/// The result views `raw`, or `storage` when something had to change. Errc::invalid_argument for a
/// broken escape, an encoded slash, a NUL or a `..` segment, and for what does not start with a
/// slash.
[[nodiscard]] base::Result<std::string_view> canonical_path(std::string_view raw,
                                                            std::string& storage);

/// The first segment, taken off the front of `path` together with its slash.
[[nodiscard]] std::string_view take_segment(std::string_view& path) noexcept;

}  // namespace imdsd::imds
