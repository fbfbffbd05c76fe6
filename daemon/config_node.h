// SPDX-License-Identifier: MIT
// The configuration as it was written: values, each with the place it came from. Made by
// config_toml.cc and config_overrides.cc, read by config_parser.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imdsd::daemon {

/// Where a value stands: "config.toml" with line and column, or the name of an environment variable
/// or the text of a --set, without.
struct ConfigPosition {
  std::string source;
  unsigned line = 0, column = 0;  // 1-based; 0: the source has no lines
  friend bool operator==(const ConfigPosition&, const ConfigPosition&) = default;
};

/// One thing that is wrong. Prints as `config.toml:14:3: imds.hop_limit: must be 1..64 (got 99)`.
struct ConfigProblem {
  ConfigPosition at;
  std::string key;  // "imds.hop_limit"; empty when it is about the text itself
  std::string message;
  [[nodiscard]] std::string to_string() const;
};

/// By source, then line and column: the order in which somebody repairs a file.
void sort_problems(std::vector<ConfigProblem>& problems);

struct ConfigMember;

struct ConfigNode {
  enum class Kind { table, array, string, integer, real, boolean, date };
  Kind kind = Kind::table;
  ConfigPosition at;                  // of the value itself
  std::vector<ConfigMember> members;  // table, in the order of the file
  std::vector<ConfigNode> items;      // array
  std::string string;
  std::int64_t integer = 0;
  bool boolean = false;
  /// False once a problem was reported for it: nobody reads it any more.
  bool usable = true;

  [[nodiscard]] const ConfigNode* find(std::string_view key) const;
  [[nodiscard]] ConfigNode* find(std::string_view key);
};

struct ConfigMember {
  std::string key;
  ConfigPosition key_at;
  ConfigNode value;
};

/// "a string", "an array", for messages.
[[nodiscard]] std::string_view describe(ConfigNode::Kind kind);

}  // namespace imdsd::daemon
