// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace imdsd::cli {

struct AwsCliVersion {
  unsigned major = 0, minor = 0, patch = 0;
  [[nodiscard]] std::string to_string() const;
  /// AWS_ENDPOINT_URL came with 1.29.0 and 2.13.0
  /// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
  [[nodiscard]] bool knows_endpoint_variable() const noexcept;
  friend bool operator==(const AwsCliVersion&, const AwsCliVersion&) = default;
};

/// Of `aws --version`: "aws-cli/2.9.19 Python/3.11.2 …". Nothing for other text.
[[nodiscard]] std::optional<AwsCliVersion> parse_aws_cli_version(std::string_view output);

/// What to say to somebody whose `aws` is too old for AWS_ENDPOINT_URL; nothing when it is not.
[[nodiscard]] std::optional<std::string> aws_cli_warning(std::string_view version_output,
                                                         const std::string& aws_endpoint);

}  // namespace imdsd::cli
