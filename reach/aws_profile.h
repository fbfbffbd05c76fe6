// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imdsd::reach {

/// In ~/.aws/config a profile's section is `[profile NAME]`, but `[default]`; in
/// ~/.aws/credentials it is `[NAME]`
/// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
enum class AwsFile { config, credentials };

/// Names of the settings that a profile has. Values, which may be secret, are not kept.
[[nodiscard]] std::vector<std::string> profile_settings(std::string_view text, AwsFile file,
                                                        std::string_view profile);

}  // namespace imdsd::reach
