// SPDX-License-Identifier: MIT
#include "imds/metadata_override.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "imds/path.h"

namespace imdsd::imds {
namespace {

constexpr std::string_view kIdentityCredentials = "identity-credentials/ec2/security-credentials";

tl::unexpected<base::Error> refuse(const std::string& path, std::string_view why) {
  return base::fail(base::Errc::invalid_argument, "metadata `" + path + "` " + std::string(why));
}

/// Segments as the service compares them: none empty, none that walks upwards, nothing that cannot
/// stand in a listing.
bool is_path(std::string_view path) {
  if (path.empty() || path.starts_with('/') || path.ends_with('/')) return false;
  while (!path.empty()) {
    const std::string_view segment = take_segment(path);
    if (segment.empty() || segment == "." || segment == "..") return false;
    const auto bad = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::any_of(segment.begin(), segment.end(), bad)) return false;
  }
  return true;
}

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

/// The first reason why nothing can be at `path`; empty when something can.
std::string_view conflict(const std::string& path, const std::vector<MetadataRow>& rows) {
  for (const MetadataRow& row : rows) {
    if (is_below(row.path, path)) return "is a directory: name what is in it";
    if (is_below(path, row.path)) return "lies below a value";
  }
  return {};
}

bool is_in(std::string_view path, std::string_view folder) {
  return path == folder || is_below(path, folder);
}

}  // namespace

base::Result<void> apply_override(const MetadataOverride& change, std::vector<MetadataRow>& rows) {
  if (!is_path(change.path))
    return refuse(change.path, "is no path, such as `spot/termination-time`");
  if (is_in(change.path, "iam")) return refuse(change.path, "follows from the instance profile");
  if (change.value && is_in(change.path, kIdentityCredentials)) {
    return refuse(change.path, "is issued by STS: it can only be taken away, as `" +
                                   std::string(kIdentityCredentials) + "`");
  }
  // Its listing is `0=NAME`, not the names of what is below.
  if (is_in(change.path, "public-keys")) {
    return refuse(change.path, "follows from the public keys of the instance");
  }
  std::string path = "meta-data/" + change.path;
  if (const auto why = conflict(path, rows); !why.empty()) return refuse(change.path, why);
  const auto same = [&path](const MetadataRow& row) { return row.path == path; };
  const auto row = std::find_if(rows.begin(), rows.end(), same);
  if (!change.value) {
    if (row == rows.end()) {
      return base::fail(base::Errc::not_found, "metadata `" + change.path + "` is absent already");
    }
    rows.erase(row);
  } else if (row == rows.end()) {
    rows.push_back({.path = std::move(path), .value = *change.value});
  } else {
    row->value = *change.value;
  }
  return {};
}

}  // namespace imdsd::imds
