// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/config_parser.h"

namespace imdsd::daemon {

inline constexpr std::string_view kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
    R"("Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]})";

/// A role named app-role that EC2 may assume, as the last lines of a file.
inline std::string role_toml(std::string_view name = "app-role") {
  return "[[iam.role]]\nname = \"" + std::string(name) + "\"\ntrust_policy = '" +
         std::string(kTrust) + "'\n";
}

/// A configuration that lives in the test: files are strings, too.
struct TestConfig {
  std::string text;
  base::Environment environment = {};
  std::vector<std::string> sets = {};
  std::map<std::string, std::string> files = {};

  [[nodiscard]] tl::expected<LoadedConfig, RejectedConfig> parse() const {
    ConfigInput input;
    input.text = text;
    input.environment = environment;
    input.sets = sets;
    input.folder = "conf";
    input.read_file = [this](const std::string& path) -> base::Result<std::string> {
      const auto found = files.find(path);
      if (found != files.end()) return found->second;
      return base::fail(base::Errc::not_found, "cannot read `" + path + "`: no such file");
    };
    return parse_config(input);
  }

  /// One printed problem a line; empty when there are none.
  [[nodiscard]] std::string problems() const {
    const auto loaded = parse();
    return loaded ? std::string() : lines(loaded.error().problems);
  }

  /// The configuration; a test whose text is wrong ends here.
  [[nodiscard]] Config config() const {
    auto loaded = parse();
    if (!loaded) throw std::runtime_error(lines(loaded.error().problems));
    return std::move(loaded->config);
  }

  static std::string lines(const std::vector<ConfigProblem>& problems) {
    std::string out;
    for (const auto& problem : problems) out += problem.to_string() + "\n";
    return out;
  }
};

}  // namespace imdsd::daemon
