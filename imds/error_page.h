// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace imdsd::imds {

/// The XHTML page of EC2's errors, byte for byte: a 404 has 339 bytes. Sent as text/html.
[[nodiscard]] std::string error_page(int status);

}  // namespace imdsd::imds
