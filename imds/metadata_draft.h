// SPDX-License-Identifier: MIT
// A metadata tree while rows are still to come.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "imds/metadata_nodes.h"

namespace imdsd::imds {

struct DraftNode {
  MetadataNode::Kind kind = MetadataNode::Kind::directory;
  bool explicit_list = false;
  bool listed = true;
  bool dynamic = false;
  const char* content_type = kTextPlain;
  Compute compute = nullptr;
  std::string_view since = kOldestVersion;
  std::string body = {};
  Make make = {};
  std::string_view path = {};                   // its key in the draft
  std::vector<const DraftNode*> children = {};  // sorted by name
  std::size_t place = 0;                        // in the order of nodes()
};

/// Takes rows one by one, and adds the directories that follow from their paths.
class MetadataDraft {
 public:
  /// Errc::invalid_argument names the row that does not fit.
  [[nodiscard]] static base::Result<MetadataDraft> of(std::vector<MetadataRow> rows);

  /// The root, and then the children of each directory side by side, sorted by name.
  [[nodiscard]] const std::vector<DraftNode*>& nodes() const noexcept { return nodes_; }

 private:
  MetadataDraft() = default;
  [[nodiscard]] base::Result<void> add(MetadataRow row);
  [[nodiscard]] base::Result<void> add_ancestors(std::string_view path);
  void put_in_order();
  void link();

  std::unordered_map<std::string, DraftNode> by_path_;  // canonical; the root is ""
  std::vector<DraftNode*> nodes_;
};

/// The path above `path`; empty for a path of one segment.
[[nodiscard]] std::string_view parent_of(std::string_view path) noexcept;
/// The last segment of `path`.
[[nodiscard]] std::string_view name_of(std::string_view path) noexcept;

}  // namespace imdsd::imds
