// SPDX-License-Identifier: MIT
#include "imds/metadata_tree.h"

#include <algorithm>
#include <utility>

#include "base/http_date.h"
#include "base/log.h"

namespace imdsd::imds {
namespace {

using Kind = MetadataRow::Kind;

/// The path above `path`; empty for a path of one segment.
std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_canonical(std::string_view path) {
  return !path.empty() && !path.starts_with('/') && !path.ends_with('/') &&
         path.find("//") == std::string_view::npos && path.find('\0') == std::string_view::npos;
}

base::Result<void> check_row(const MetadataRow& row) {
  const bool computed = row.kind == Kind::computed || row.kind == Kind::computed_list;
  const bool lazy = row.kind == Kind::lazy;
  if (!is_canonical(row.path) || computed != (row.compute != nullptr) ||
      lazy != (row.make != nullptr)) {
    return base::fail(base::Errc::invalid_argument, "metadata row `" + row.path + "` is malformed");
  }
  return {};
}

}  // namespace

MetadataTree::MetadataTree(base::SystemTime built)
    : built_(built), last_modified_(base::format_http_date(built)) {}

base::Result<std::shared_ptr<const MetadataTree>> MetadataTree::build(std::vector<MetadataRow> rows,
                                                                      base::SystemTime built) {
  IMDSD_TRY(auto tree, make(std::move(rows), built));
  return std::shared_ptr<const MetadataTree>(std::move(tree));
}

std::shared_ptr<const MetadataTree> MetadataTree::deferred(MakeRows rows, base::SystemTime built) {
  std::shared_ptr<MetadataTree> tree(new MetadataTree(built));
  tree->rows_ = std::move(rows);
  return tree;
}

const MetadataTree& MetadataTree::whole() const {
  if (const auto* const made = whole_.load(std::memory_order_acquire)) return *made;
  auto tree = make_from(rows_, built_);
  if (!tree) {
    base::log_error("no metadata", {{"error", tree.error().message}});
    tree = std::unique_ptr<MetadataTree>(new MetadataTree(built_));
  }
  const MetadataTree* kept = nullptr;
  if (whole_.compare_exchange_strong(kept, tree->get(), std::memory_order_acq_rel)) {
    kept = tree->release();
  }
  return *kept;
}

base::Result<std::unique_ptr<MetadataTree>> MetadataTree::make_from(const MakeRows& make_rows,
                                                                    base::SystemTime built) {
  IMDSD_TRY(auto rows, make_rows());
  return make(std::move(rows), built);
}

base::Result<std::unique_ptr<MetadataTree>> MetadataTree::make(std::vector<MetadataRow> rows,
                                                               base::SystemTime built) {
  std::unique_ptr<MetadataTree> tree(new MetadataTree(built));
  tree->nodes_.try_emplace("");
  for (MetadataRow& row : rows) IMDSD_TRY_VOID(tree->add(std::move(row)));
  tree->link();
  return tree;
}

base::Result<void> MetadataTree::add(MetadataRow row) {
  IMDSD_TRY_VOID(check_row(row));
  IMDSD_TRY_VOID(add_ancestors(row.path));
  const auto [it, inserted] = nodes_.try_emplace(row.path);
  Node& node = it->second;
  // A list row may come before or after the rows below it.
  const bool gives_listing =
      row.kind == Kind::list && node.kind == Node::Kind::directory && !node.explicit_list;
  if (!inserted && !gives_listing) {
    return base::fail(base::Errc::invalid_argument, "metadata row `" + row.path + "` is repeated");
  }
  switch (row.kind) {
    case Kind::leaf:
      node.kind = Node::Kind::text;
      break;
    case Kind::list:
      node.kind = Node::Kind::directory;
      break;
    case Kind::lazy:
      node.kind = Node::Kind::lazy;
      node.lazy = std::make_unique<LazyText>();
      node.lazy->make = std::move(row.make);
      break;
    case Kind::computed:
      node.kind = Node::Kind::computed;
      break;
    case Kind::computed_list:
      node.kind = Node::Kind::computed_list;
      break;
  }
  node.explicit_list = row.kind == Kind::list;
  node.listed = row.listed;
  node.content_type = row.content_type;
  node.compute = row.compute;
  node.since = row.since;
  node.body = std::move(row.value);
  return {};
}

base::Result<void> MetadataTree::add_ancestors(std::string_view path) {
  for (auto parent = parent_of(path); !parent.empty(); parent = parent_of(parent)) {
    const auto [it, inserted] = nodes_.try_emplace(std::string(parent));
    if (it->second.kind != Node::Kind::directory) {
      return base::fail(base::Errc::invalid_argument, "metadata row `" + std::string(path) +
                                                          "` lies below `" + std::string(parent) +
                                                          "`, which is not a directory");
    }
  }
  return {};
}

void MetadataTree::link() {
  std::vector<std::pair<std::string_view, Node*>> order;
  for (auto& [path, node] : nodes_) {
    order.emplace_back(path, &node);
    if (!path.empty()) {
      nodes_.find(parent_of(path))->second.children.push_back({name_of(path), &node});
    }
  }
  // Longest first: what is below a directory is finished before the directory is.
  std::sort(order.begin(), order.end(),
            [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  for (auto& [path, node] : order) {
    std::sort(node->children.begin(), node->children.end(),
              [](const Child& a, const Child& b) { return a.name < b.name; });
    node->dynamic = node->compute != nullptr ||
                    (!node->explicit_list &&
                     std::any_of(node->children.begin(), node->children.end(),
                                 [](const Child& child) { return child.node->dynamic; }));
    if (!node->children.empty()) date(*node);
    if (node->kind == Node::Kind::directory && !node->dynamic && !node->explicit_list) {
      node->body = render_listing(*node, nullptr);
    }
  }
}

/// A directory is as old as the oldest row below it, whatever its own row says.
void MetadataTree::date(Node& directory) {
  const auto older = [](const Child& a, const Child& b) { return a.node->since < b.node->since; };
  directory.since =
      std::min_element(directory.children.begin(), directory.children.end(), older)->node->since;
}

std::string MetadataTree::render_listing(const Node& directory, const MetadataView* view) const {
  const bool slashes = &directory != &nodes_.find(std::string_view())->second;
  std::string listing;
  for (const Child& child : directory.children) {
    if (!child.node->listed || (view != nullptr && !is_present(*child.node, *view))) continue;
    if (!listing.empty()) listing.push_back('\n');
    listing += child.name;
    if (slashes && child.node->is_directory()) listing.push_back('/');
  }
  return listing;
}

bool MetadataTree::is_present(const Node& node, const MetadataView& view) {
  if (node.since > view.version) return false;
  if (!node.dynamic) return true;
  if (node.compute != nullptr) return node.compute(view, {}).has_value();
  return std::any_of(node.children.begin(), node.children.end(), [&view](const Child& child) {
    return child.node->listed && is_present(*child.node, view);
  });
}

std::optional<MetadataValue> MetadataTree::read(std::string_view path,
                                                const MetadataView& view) const {
  if (rows_) return whole().read(path, view);
  const auto it = nodes_.find(path);
  if (it == nodes_.end()) return read_below_computed(path, view);
  const Node& node = it->second;
  if (node.since > view.version) return std::nullopt;
  if (node.lazy != nullptr) return read_lazy(node, view);
  if (node.compute != nullptr) return compute(node, {}, view);
  // The listing that is kept is that of the latest version.
  const bool lists_all = !node.is_directory() || node.explicit_list || view.version == kLatest;
  if (!node.dynamic && lists_all) {
    return MetadataValue{node.body, node.content_type, last_modified_};
  }
  std::string listing = render_listing(node, &view);
  if (listing.empty()) return std::nullopt;
  return MetadataValue{std::move(listing), node.content_type, last_modified_};
}

std::optional<MetadataValue> MetadataTree::read_below_computed(std::string_view path,
                                                               const MetadataView& view) const {
  for (auto above = parent_of(path); !above.empty(); above = parent_of(above)) {
    const auto it = nodes_.find(above);
    if (it == nodes_.end()) continue;
    if (it->second.kind != Node::Kind::computed_list) return std::nullopt;
    if (it->second.since > view.version) return std::nullopt;
    return compute(it->second, path.substr(above.size() + 1), view);
  }
  return std::nullopt;
}

/// INVARIANT: whoever asks twice gets the same bytes. Nobody waits for another's making: of several
/// at a time the first one's text is kept.
std::optional<MetadataValue> MetadataTree::read_lazy(const Node& node,
                                                     const MetadataView& view) const {
  LazyText& lazy = *node.lazy;
  {
    const std::lock_guard lock(lazy.mutex);
    if (lazy.text) return MetadataValue{*lazy.text, node.content_type, last_modified_};
  }
  auto made = lazy.make(view.now);
  if (!made) return MetadataValue{{}, node.content_type, last_modified_, true};
  const std::lock_guard lock(lazy.mutex);
  if (!lazy.text) lazy.text = std::move(made);
  return MetadataValue{*lazy.text, node.content_type, last_modified_};
}

std::optional<MetadataValue> MetadataTree::compute(const Node& node, std::string_view rest,
                                                   const MetadataView& view) const {
  auto value = node.compute(view, rest);
  if (!value) return std::nullopt;
  return MetadataValue{
      std::string(value->body),
      node.content_type,
      value->last_modified.empty() ? std::string_view(last_modified_) : value->last_modified,
      false,
      value->access_key_id,
      std::move(value->owner)};
}

}  // namespace imdsd::imds
