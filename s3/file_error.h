// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::s3 {

/// "cannot write `PATH`: the disk is full; …" of an errno. Errc::not_found for ENOENT,
/// Errc::unavailable for all others.
[[nodiscard]] tl::unexpected<base::Error> file_error(std::string_view doing,
                                                     const std::string& path, int error);

}  // namespace imdsd::s3
