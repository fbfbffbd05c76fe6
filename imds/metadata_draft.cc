// SPDX-License-Identifier: MIT
#include "imds/metadata_draft.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace imdsd::imds {
namespace {

using Kind = MetadataNode::Kind;
using RowKind = MetadataRow::Kind;

bool is_canonical(std::string_view path) {
  return !path.empty() && !path.starts_with('/') && !path.ends_with('/') &&
         path.find("//") == std::string_view::npos && path.find('\0') == std::string_view::npos;
}

base::Result<void> check_row(const MetadataRow& row) {
  const bool computed = row.kind == RowKind::computed || row.kind == RowKind::computed_list;
  const bool lazy = row.kind == RowKind::lazy;
  if (!is_canonical(row.path) || computed != (row.compute != nullptr) ||
      lazy != (row.make != nullptr)) {
    return base::fail(base::Errc::invalid_argument, "metadata row `" + row.path + "` is malformed");
  }
  return {};
}

Kind kind_of(const MetadataRow& row) {
  switch (row.kind) {
    case RowKind::leaf:
      return Kind::text;
    case RowKind::list:
      return Kind::directory;
    case RowKind::lazy:
      return Kind::lazy;
    case RowKind::computed:
      return Kind::computed;
    case RowKind::computed_list:
      return Kind::computed_list;
  }
  return Kind::text;
}

/// A directory is as old as the oldest row below it, whatever its own row says.
void date(DraftNode& directory) {
  const auto older = [](const DraftNode* a, const DraftNode* b) { return a->since < b->since; };
  directory.since =
      (*std::min_element(directory.children.begin(), directory.children.end(), older))->since;
}

std::string listing_of(const DraftNode& directory) {
  std::string listing;
  for (const DraftNode* child : directory.children) {
    if (!child->listed) continue;
    append_listed(listing, name_of(child->path), is_directory(child->kind), directory.path);
  }
  return listing;
}

}  // namespace

std::string_view parent_of(std::string_view path) noexcept {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) noexcept {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

base::Result<MetadataDraft> MetadataDraft::of(std::vector<MetadataRow> rows) {
  MetadataDraft draft;
  draft.by_path_.try_emplace("");
  for (MetadataRow& row : rows) IMDSD_TRY_VOID(draft.add(std::move(row)));
  draft.put_in_order();
  draft.link();
  return draft;
}

base::Result<void> MetadataDraft::add(MetadataRow row) {
  IMDSD_TRY_VOID(check_row(row));
  IMDSD_TRY_VOID(add_ancestors(row.path));
  const auto [it, inserted] = by_path_.try_emplace(row.path);
  DraftNode& node = it->second;
  // A list row may come before or after the rows below it.
  const bool gives_listing =
      row.kind == RowKind::list && node.kind == Kind::directory && !node.explicit_list;
  if (!inserted && !gives_listing) {
    return base::fail(base::Errc::invalid_argument, "metadata row `" + row.path + "` is repeated");
  }
  node.kind = kind_of(row);
  node.explicit_list = row.kind == RowKind::list;
  node.listed = row.listed;
  node.content_type = row.content_type;
  node.compute = row.compute;
  node.since = row.since;
  node.body = std::move(row.value);
  node.make = std::move(row.make);
  return {};
}

base::Result<void> MetadataDraft::add_ancestors(std::string_view path) {
  for (auto parent = parent_of(path); !parent.empty(); parent = parent_of(parent)) {
    const auto [it, inserted] = by_path_.try_emplace(std::string(parent));
    if (it->second.kind != Kind::directory) {
      return base::fail(base::Errc::invalid_argument, "metadata row `" + std::string(path) +
                                                          "` lies below `" + std::string(parent) +
                                                          "`, which is not a directory");
    }
  }
  return {};
}

void MetadataDraft::put_in_order() {
  for (auto& [path, node] : by_path_) {
    node.path = path;
    nodes_.push_back(&node);
  }
  std::sort(nodes_.begin(), nodes_.end(), [](const DraftNode* a, const DraftNode* b) {
    return std::tuple(parent_of(a->path), name_of(a->path)) <
           std::tuple(parent_of(b->path), name_of(b->path));
  });
  for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i]->place = i;
}

void MetadataDraft::link() {
  for (const DraftNode* node : nodes_) {
    if (node->path.empty()) continue;
    by_path_.find(std::string(parent_of(node->path)))->second.children.push_back(node);
  }
  // Backwards: a directory stands in front of what is below it.
  for (auto it = nodes_.rbegin(); it != nodes_.rend(); ++it) {
    DraftNode& node = **it;
    const auto is_dynamic = [](const DraftNode* child) { return child->dynamic; };
    node.dynamic = node.compute != nullptr ||
                   (!node.explicit_list &&
                    std::any_of(node.children.begin(), node.children.end(), is_dynamic));
    if (!node.children.empty()) date(node);
    if (node.kind == Kind::directory && !node.dynamic && !node.explicit_list) {
      node.body = listing_of(node);
    }
  }
}

}  // namespace imdsd::imds
