// SPDX-License-Identifier: MIT
// Every key of the configuration, in one table: what is known, of which type, and what a reload
// takes up. docs/configuration.md carries the same table; a test compares them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config_node.h"

namespace imdsd::daemon {

enum class KeyType { string, integer, boolean, duration, seconds, string_list };

struct KeyInfo {
  std::string_view key;  // "imds.hop_limit"; `*` stands for an index: "instance.*.id"
  KeyType type = KeyType::string;
  std::string_view default_text;  // as in the file; empty: none
  bool reloadable = true;
};

[[nodiscard]] std::span<const KeyInfo> config_keys();
/// "string", "list of strings"
[[nodiscard]] std::string_view to_string(KeyType type);

/// The entry for a key with its indexes ("instance.0.id"); nullptr for an unknown one.
[[nodiscard]] const KeyInfo* find_key(std::string_view key);
/// True for a table or array above known keys: "imds", "instance", "instance.0".
[[nodiscard]] bool is_key_prefix(std::string_view key);

/// The pieces between the dots.
[[nodiscard]] std::vector<std::string> split_key(std::string_view key);

/// Reports every unknown key, with the nearest valid one, and every value of the wrong type, and
/// marks those unusable.
void check_against_schema(ConfigNode& root, std::vector<ConfigProblem>& problems);

}  // namespace imdsd::daemon
