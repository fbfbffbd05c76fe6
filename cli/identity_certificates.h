// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::cli {

/// The JSON of GET /v1/identity-certificates as PEM, with a line in front of each certificate that
/// says what it is for, which readers of PEM skip. With a `type`, that certificate alone.
[[nodiscard]] base::Result<std::string> identity_certificates_text(std::string_view body,
                                                                   std::string_view type);
/// The same as JSON: the daemon's own, or the one of this type.
[[nodiscard]] base::Result<std::string> identity_certificates_json(std::string_view body,
                                                                   std::string_view type);

}  // namespace imdsd::cli
