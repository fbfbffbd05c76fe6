// SPDX-License-Identifier: MIT
#include "daemon/kept_changes.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

/// A path that is canonical already, judged as one that somebody sets: nothing is decoded or cut
/// off twice.
Result<std::string> read_path(const std::string& path) {
  std::string spelled = "/latest/meta-data/";
  for (const char c : path) {
    if (c == '%') {
      spelled += "%25";
    } else {
      spelled.push_back(c);
    }
  }
  IMDSD_TRY(auto same, metadata_path(spelled));
  if (same == path) return same;
  return fail(Errc::corrupt, "`" + path + "` is no path of the metadata");
}

Result<MetadataChange> read_change(const Json& json) {
  if (!json.is_object() || json.size() != 2 || !json.contains("path") || !json.contains("value") ||
      !json["path"].is_string() || !(json["value"].is_string() || json["value"].is_null())) {
    return fail(Errc::corrupt, "a change is not a path and a value");
  }
  MetadataChange change;
  IMDSD_TRY(change.path, read_path(json["path"].get<std::string>()));
  if (json["value"].is_string()) change.value = json["value"].get<std::string>();
  change.keep = true;
  return change;
}

}  // namespace

Result<KeptChanges::ByInstance> KeptChanges::parse(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("version") || !json["version"].is_number_integer()) {
    return fail(Errc::corrupt, "it is not what imdsd writes");
  }
  if (json["version"] != kVersion) {
    return fail(Errc::corrupt, "its version is " + json["version"].dump() +
                                   ", and this imdsd reads version " + std::to_string(kVersion));
  }
  if (json.size() != 2 || !json.contains("instances") || !json["instances"].is_object()) {
    return fail(Errc::corrupt, "it is not what imdsd writes");
  }
  ByInstance out;
  for (const auto& [id, changes] : json["instances"].items()) {
    if (!changes.is_array() || changes.size() > kMaxMetadataChanges) {
      return fail(Errc::corrupt, "`" + id + "` has no list of changes");
    }
    for (const Json& each : changes) {
      IMDSD_TRY(out[id].emplace_back(), read_change(each));
    }
  }
  return out;
}

std::string KeptChanges::print(const ByInstance& changes) {
  Json instances = Json::object();
  for (const auto& [id, list] : changes) {
    Json& out = instances[id] = Json::array();
    for (const MetadataChange& change : list) {
      out.push_back(
          {{"path", change.path}, {"value", change.value ? Json(*change.value) : Json()}});
    }
  }
  return Json({{"version", kVersion}, {"instances", std::move(instances)}}).dump(1) + "\n";
}

Result<void> KeptChanges::load() {
  IMDSD_TRY(const auto text, state_.read(StateDir::kMetadataChanges));
  if (!text) return {};
  auto parsed = parse(*text);
  if (!parsed) {
    return fail(Errc::corrupt, "`" + state_.path_of(StateDir::kMetadataChanges) +
                                   "`: " + parsed.error().message +
                                   "; restore it, or remove it, which undoes what `imdsctl set "
                                   "--keep` changed");
  }
  const std::lock_guard lock(mutex_);
  kept_ = *std::move(parsed);
  return {};
}

std::vector<MetadataChange> KeptChanges::of(const std::string& instance_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(instance_id);
  return found == kept_.end() ? std::vector<MetadataChange>() : found->second;
}

Result<void> KeptChanges::store(const std::string& instance_id,
                                const std::vector<MetadataChange>& changes) {
  std::vector<MetadataChange> keep;
  for (const MetadataChange& change : changes) {
    if (change.keep) keep.push_back(change);
  }
  // Held over the write: of two writers the later one's file is the last.
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(instance_id);
  if (found == kept_.end() ? keep.empty() : found->second == keep) return {};
  ByInstance next = kept_;
  if (keep.empty()) {
    next.erase(instance_id);
  } else {
    next[instance_id] = std::move(keep);
  }
  IMDSD_TRY_VOID(state_.write(StateDir::kMetadataChanges, print(next)));
  kept_ = std::move(next);
  return {};
}

}  // namespace imdsd::daemon
