// SPDX-License-Identifier: MIT
#include "imds/metadata_tree.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/prefetch.h"
#include "imds/metadata_draft.h"
#include "imds/metadata_nodes.h"

namespace imdsd::imds {

namespace {

using Kind = MetadataNode::Kind;

base::Result<std::unique_ptr<MetadataNodes>> nodes_of(const MakeRows& make_rows) {
  IMDSD_TRY(auto rows, make_rows());
  return MetadataNodes::make(std::move(rows));
}

bool is_present(const MetadataNodes& all, const MetadataNode& node, const MetadataView& view) {
  if (node.since > view.version) return false;
  if (!node.dynamic) return true;
  if (node.compute != nullptr) return node.compute(view, {}).has_value();
  const auto children = all.children_of(node);
  return std::any_of(children.begin(), children.end(), [&](const MetadataNode& child) {
    return child.listed && is_present(all, child, view);
  });
}

std::string listing_of(const MetadataNodes& all, const MetadataNode& directory,
                       const MetadataView& view) {
  std::string listing;
  for (const MetadataNode& child : all.children_of(directory)) {
    if (!child.listed || !is_present(all, child, view)) continue;
    append_listed(listing, name_of(child.path()), is_directory(child.kind), directory.path());
  }
  return listing;
}

}  // namespace

MetadataTree::MetadataTree(base::SystemTime built) : last_modified_(built) {}

MetadataTree::~MetadataTree() {
  delete nodes_.load();
}

base::Result<std::shared_ptr<const MetadataTree>> MetadataTree::build(std::vector<MetadataRow> rows,
                                                                      base::SystemTime built) {
  IMDSD_TRY(auto nodes, MetadataNodes::make(std::move(rows)));
  std::shared_ptr<MetadataTree> tree(new MetadataTree(built));
  tree->nodes_ = nodes.release();
  return tree;
}

std::shared_ptr<const MetadataTree> MetadataTree::deferred(MakeRows rows, base::SystemTime built) {
  std::shared_ptr<MetadataTree> tree(new MetadataTree(built));
  tree->rows_ = std::move(rows);
  return tree;
}

const MetadataNodes& MetadataTree::nodes() const {
  const MetadataNodes* const made = nodes_.load(std::memory_order_acquire);
  return made != nullptr ? *made : make_nodes();
}

void MetadataTree::prefetch() const noexcept {
  base::prefetch(nodes_.load(std::memory_order_relaxed), sizeof(MetadataNodes));
}

/// Of several at a time the first one's are kept.
const MetadataNodes& MetadataTree::make_nodes() const {
  auto nodes = nodes_of(rows_);
  if (!nodes) {
    base::log_error("no metadata", {{"error", nodes.error().message}});
    nodes = MetadataNodes::make({});
  }
  const MetadataNodes* kept = nullptr;
  if (nodes_.compare_exchange_strong(kept, nodes->get(), std::memory_order_acq_rel)) {
    kept = nodes->release();
  }
  return *kept;
}

std::optional<MetadataValue> MetadataTree::read(std::string_view path,
                                                const MetadataView& view) const {
  const MetadataNodes& all = nodes();
  const MetadataNode* const node = all.find(path);
  if (node == nullptr) return read_below_computed(all, path, view);
  if (node->since > view.version) return std::nullopt;
  if (node->kind == Kind::lazy) return read_lazy(all.lazy_text_of(*node), *node, view);
  if (node->compute != nullptr) return compute(*node, {}, view);
  // The listing that is kept is that of the latest version.
  const bool lists_all =
      node->kind != Kind::directory || node->explicit_list || view.version == kLatest;
  if (!node->dynamic && lists_all) return value_of(*node, std::string(node->body()));
  std::string listing = listing_of(all, *node, view);
  if (listing.empty()) return std::nullopt;
  return value_of(*node, std::move(listing));
}

MetadataValue MetadataTree::value_of(const MetadataNode& node, std::string body) const {
  return {std::move(body), node.content_type, last_modified()};
}

std::optional<MetadataValue> MetadataTree::read_below_computed(const MetadataNodes& all,
                                                               std::string_view path,
                                                               const MetadataView& view) const {
  for (auto above = parent_of(path); !above.empty(); above = parent_of(above)) {
    const MetadataNode* const node = all.find(above);
    if (node == nullptr) continue;
    if (node->kind != Kind::computed_list) return std::nullopt;
    if (node->since > view.version) return std::nullopt;
    return compute(*node, path.substr(above.size() + 1), view);
  }
  return std::nullopt;
}

/// INVARIANT: whoever asks twice gets the same bytes. Nobody waits for another's making: of several
/// at a time the first one's text is kept.
std::optional<MetadataValue> MetadataTree::read_lazy(LazyText& lazy, const MetadataNode& node,
                                                     const MetadataView& view) const {
  {
    const std::lock_guard lock(lazy.mutex);
    if (lazy.text) return value_of(node, *lazy.text);
  }
  auto made = lazy.make(view.now);
  if (!made) return MetadataValue{{}, node.content_type, last_modified(), true};
  const std::lock_guard lock(lazy.mutex);
  if (!lazy.text) lazy.text = std::move(made);
  return value_of(node, *lazy.text);
}

std::optional<MetadataValue> MetadataTree::compute(const MetadataNode& node, std::string_view rest,
                                                   const MetadataView& view) const {
  auto value = node.compute(view, rest);
  if (!value) return std::nullopt;
  return MetadataValue{std::string(value->body),
                       node.content_type,
                       value->last_modified.empty() ? last_modified() : value->last_modified,
                       false,
                       value->access_key_id,
                       std::move(value->owner)};
}

}  // namespace imdsd::imds
