// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// Rows below one folder of the tree, as they are put together.
class RowList {
 public:
  /// `folder` is below the root and ends in a slash: "meta-data/".
  RowList(std::vector<MetadataRow>& rows, std::string folder)
      : rows_(rows), folder_(std::move(folder)) {}

  void leaf(std::string_view name, std::string value, std::string_view since = kOldestVersion) {
    rows_.push_back(
        {.path = folder_ + std::string(name), .value = std::move(value), .since = since});
  }
  /// Nothing for an empty value.
  void leaf_if_set(std::string_view name, const std::string& value,
                   std::string_view since = kOldestVersion) {
    if (!value.empty()) leaf(name, value, since);
  }
  /// One value a line, without a final newline; nothing without values.
  void lines(std::string_view name, const std::vector<std::string>& values,
             std::string_view since = kOldestVersion) {
    std::string text;
    for (const auto& value : values) text += (text.empty() ? "" : "\n") + value;
    if (!values.empty()) leaf(name, std::move(text), since);
  }
  void add(MetadataRow row) {
    row.path.insert(0, folder_);
    rows_.push_back(std::move(row));
  }
  [[nodiscard]] RowList below(std::string_view name) const {
    return {rows_, folder_ + std::string(name) + "/"};
  }

 private:
  std::vector<MetadataRow>& rows_;
  std::string folder_;
};

}  // namespace imdsd::imds
