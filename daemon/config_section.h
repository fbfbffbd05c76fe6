// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "daemon/config_node.h"

namespace imdsd::daemon {

/// One table of the configuration, read key by key. Whatever is wrong is added to the problems with
/// its place, and reading goes on: all errors are told at once. Refers to the tree and the
/// problems.
class ConfigSection {
 public:
  /// `table` may be null (not in the file): everything keeps its default then.
  ConfigSection(const ConfigNode* table, std::string path, std::vector<ConfigProblem>& problems)
      : table_(table && table->usable && table->kind == ConfigNode::Kind::table ? table : nullptr),
        path_(std::move(path)),
        problems_(&problems) {}

  /// The value of `key` if it is there and of the right type.
  [[nodiscard]] const ConfigNode* find(std::string_view key) const;
  /// True when the file says something about `key`, right or wrong.
  [[nodiscard]] bool has(std::string_view key) const { return table_ && table_->find(key); }

  /// `out` becomes what `convert(const ConfigNode&)` makes of the value; it returns a Result.
  template <class T, class Convert>
  void read(std::string_view key, T& out, const Convert& convert) const {
    const ConfigNode* node = find(key);
    if (!node) return;
    auto value = convert(*node);
    if (value) {
      out = *std::move(value);
    } else {
      add_problem(key, value.error().message);
    }
  }

  /// The same, and a problem when the key is missing.
  template <class T, class Convert>
  void read_required(std::string_view key, T& out, const Convert& convert) const {
    if (!has(key)) add_problem(key, "is required");
    read(key, out, convert);
  }

  [[nodiscard]] ConfigSection section(std::string_view key) const;
  /// The tables of `[[key]]`.
  [[nodiscard]] std::vector<ConfigSection> sections(std::string_view key) const;

  /// At the key's value, or at the table where the key is missing.
  void add_problem(std::string_view key, std::string message) const;
  void add_problem_at(ConfigPosition at, std::string_view key, std::string message) const;
  /// "iam.role.0.name"; of an empty key, the section's own.
  [[nodiscard]] std::string path_of(std::string_view key) const;
  [[nodiscard]] const ConfigNode* table() const noexcept { return table_; }

 private:
  const ConfigNode* table_;
  std::string path_;
  std::vector<ConfigProblem>* problems_;
};

}  // namespace imdsd::daemon
