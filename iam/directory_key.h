// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace imdsd::iam {

/// "123456789012/app-role": names are unique within an account without case.
[[nodiscard]] std::string directory_key(std::string_view account, std::string_view name);

}  // namespace imdsd::iam
