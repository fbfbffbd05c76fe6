// SPDX-License-Identifier: MIT
#include "reach/aws_profile.h"

#include <algorithm>

#include "base/codec.h"

namespace imdsd::reach {
namespace {

/// The profile that a line `[…]` begins; empty for another section.
std::string_view profile_of(std::string_view section, AwsFile file) {
  const auto inside = base::trim(section.substr(1, section.find(']') - 1));
  constexpr std::string_view kPrefix = "profile";
  if (file == AwsFile::credentials || inside == "default") return inside;
  if (!inside.starts_with(kPrefix)) return {};
  return base::trim(inside.substr(kPrefix.size()));
}

}  // namespace

std::vector<std::string> profile_settings(std::string_view text, AwsFile file,
                                          std::string_view profile) {
  std::vector<std::string> out;
  bool in = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('[')) in = profile_of(line, file) == profile;
    // An indented line goes on with the one before; # and ; are comments.
    const auto equals = line.find('=');
    if (!in || equals == std::string_view::npos ||
        std::string_view(" \t#;[").find(line[0]) != std::string_view::npos) {
      continue;
    }
    out.push_back(base::to_lower(base::trim(line.substr(0, equals))));
  }
  return out;
}

}  // namespace imdsd::reach
