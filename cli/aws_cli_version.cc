// SPDX-License-Identifier: MIT
#include "cli/aws_cli_version.h"

#include <charconv>

namespace imdsd::cli {

std::string AwsCliVersion::to_string() const {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

bool AwsCliVersion::knows_endpoint_variable() const noexcept {
  if (major == 1) return minor >= 29;
  if (major == 2) return minor >= 13;
  return major > 2;
}

std::optional<AwsCliVersion> parse_aws_cli_version(std::string_view output) {
  constexpr std::string_view kName = "aws-cli/";
  const auto start = output.find(kName);
  if (start == std::string_view::npos) return std::nullopt;
  output.remove_prefix(start + kName.size());
  AwsCliVersion version;
  unsigned* const parts[] = {&version.major, &version.minor, &version.patch};
  for (unsigned* part : parts) {
    if (part != parts[0]) {
      if (!output.starts_with('.')) return std::nullopt;
      output.remove_prefix(1);
    }
    const auto [end, error] = std::from_chars(output.data(), output.data() + output.size(), *part);
    if (error != std::errc()) return std::nullopt;
    output.remove_prefix(static_cast<std::size_t>(end - output.data()));
  }
  return version;
}

std::optional<std::string> aws_cli_warning(std::string_view version_output,
                                           const std::string& aws_endpoint) {
  const auto version = parse_aws_cli_version(version_output);
  if (!version || version->knows_endpoint_variable()) return std::nullopt;
  const char* first = version->major >= 2 ? "2.13.0" : "1.29.0";
  return "the aws on PATH is " + version->to_string() + ", which does not know AWS_ENDPOINT_URL (" +
         first + " is the first that does); with it, write\n  aws --endpoint-url " + aws_endpoint +
         " sts get-caller-identity";
}

}  // namespace imdsd::cli
