// SPDX-License-Identifier: MIT
#include "imds/metadata_nodes.h"

#include <functional>
#include <utility>

#include "base/slab_memory.h"
#include "imds/metadata_draft.h"

namespace imdsd::imds {
namespace {

std::size_t hash_of(std::string_view path) noexcept {
  return std::hash<std::string_view>{}(path);
}

std::size_t block_bytes(std::size_t nodes, std::size_t text_bytes) noexcept {
  constexpr std::size_t kAlignment = 2 * alignof(MetadataNode);
  return base::HashIndex::bytes_for(nodes) + nodes * sizeof(MetadataNode) + text_bytes + kAlignment;
}

}  // namespace

base::Result<std::unique_ptr<MetadataNodes>> MetadataNodes::make(std::vector<MetadataRow> rows) {
  IMDSD_TRY(const MetadataDraft draft, MetadataDraft::of(std::move(rows)));
  std::size_t text_bytes = 1;  // strings end in a zero
  for (const DraftNode* node : draft.nodes()) text_bytes += node->path.size() + node->body.size();
  std::unique_ptr<MetadataNodes> made(new MetadataNodes(draft.nodes().size(), text_bytes));
  for (DraftNode* node : draft.nodes()) made->add(*node);
  return made;
}

MetadataNodes::MetadataNodes(std::size_t nodes, std::size_t text_bytes)
    : block_(block_bytes(nodes, text_bytes), &base::slab_memory()),
      index_(nodes, &block_),
      nodes_(&block_),
      text_(&block_) {
  nodes_.reserve(nodes);
  text_.reserve(text_bytes - 1);
}

void MetadataNodes::add(DraftNode& draft) {
  MetadataNode node{};
  node.text = text_.data() + text_.size();
  node.path_size = static_cast<std::uint32_t>(draft.path.size());
  node.body_size = static_cast<std::uint32_t>(draft.body.size());
  node.since = draft.since;
  node.content_type = draft.content_type;
  node.compute = draft.compute;
  node.kind = draft.kind;
  node.explicit_list = draft.explicit_list;
  node.listed = draft.listed;
  node.dynamic = draft.dynamic;
  if (!draft.children.empty()) {
    node.first = static_cast<std::uint32_t>(draft.children.front()->place);
    node.children = static_cast<std::uint32_t>(draft.children.size());
  } else if (draft.make) {
    node.first = static_cast<std::uint32_t>(lazy_texts_.size());
    lazy_texts_.emplace_back().make = std::move(draft.make);
  }
  text_.append(draft.path).append(draft.body);
  index_.add(hash_of(draft.path), nodes_.size());
  nodes_.push_back(node);
}

const MetadataNode* MetadataNodes::find(std::string_view path) const noexcept {
  const auto place = index_.find(
      hash_of(path), [&](std::size_t candidate) { return nodes_[candidate].path() == path; });
  return place ? &nodes_[*place] : nullptr;
}

void append_listed(std::string& listing, std::string_view name, bool is_directory,
                   std::string_view directory) {
  if (!listing.empty()) listing.push_back('\n');
  listing += name;
  if (is_directory && !directory.empty()) listing.push_back('/');  // the root lists bare names
}

}  // namespace imdsd::imds
