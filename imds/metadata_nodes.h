// SPDX-License-Identifier: MIT
// How a metadata tree lies in memory: of thousands of instances asked in turn, each request finds
// none of what it reads in a cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash_index.h"
#include "base/result.h"
#include "base/slab_memory.h"
#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// The value of a lazy row.
struct LazyText {
  Make make;
  std::mutex mutex;                 // held for copies of the text only
  std::optional<std::string> text;  // once it was made
};

/// What is at one path, in one cache line.
struct alignas(64) MetadataNode {
  enum class Kind : std::uint8_t { text, directory, lazy, computed, computed_list };

  const char* text;  // its path, and behind that its body or the listing that is kept
  std::uint32_t path_size, body_size;
  std::string_view since;  // of a directory: that of its oldest row
  const char* content_type;
  Compute compute;
  std::uint32_t first;  // of its children; of a lazy row, its place among the lazy ones
  std::uint32_t children;
  Kind kind;
  bool explicit_list;  // the listing was given, not derived
  bool listed;
  bool dynamic;  // depends on the view

  [[nodiscard]] std::string_view path() const noexcept { return {text, path_size}; }
  [[nodiscard]] std::string_view body() const noexcept { return {text + path_size, body_size}; }
};

[[nodiscard]] constexpr bool is_directory(MetadataNode::Kind kind) noexcept {
  return kind == MetadataNode::Kind::directory || kind == MetadataNode::Kind::computed_list;
}

struct DraftNode;

/// The nodes of a tree with their texts and the index of their paths, in one block of memory.
/// Immutable, thread-safe, but for what guards itself in a LazyText.
class MetadataNodes : public base::InSlabs {
 public:
  /// Errc::invalid_argument names the row that does not fit.
  [[nodiscard]] static base::Result<std::unique_ptr<MetadataNodes>> make(
      std::vector<MetadataRow> rows);
  MetadataNodes(const MetadataNodes&) = delete;
  MetadataNodes& operator=(const MetadataNodes&) = delete;

  /// By canonical path; null when there is none.
  [[nodiscard]] const MetadataNode* find(std::string_view path) const noexcept;
  [[nodiscard]] const MetadataNode& root() const noexcept { return nodes_.front(); }
  /// Sorted by name.
  [[nodiscard]] std::span<const MetadataNode> children_of(const MetadataNode& node) const noexcept {
    return std::span(nodes_).subspan(node.first, node.children);
  }
  /// PRECONDITION: the node is a lazy one.
  [[nodiscard]] LazyText& lazy_text_of(const MetadataNode& node) const noexcept {
    return lazy_texts_[node.first];
  }

 private:
  MetadataNodes(std::size_t nodes, std::size_t text_bytes);
  void add(DraftNode& draft);

  std::pmr::monotonic_buffer_resource block_;  // of what follows
  base::HashIndex index_;
  std::pmr::vector<MetadataNode> nodes_;
  std::pmr::string text_;
  mutable std::deque<LazyText> lazy_texts_;  // few are ever read
};

/// Adds a line to the listing of `directory`.
void append_listed(std::string& listing, std::string_view name, bool is_directory,
                   std::string_view directory);

}  // namespace imdsd::imds
