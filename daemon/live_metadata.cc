// SPDX-License-Identifier: MIT
#include "daemon/live_metadata.h"

#include <algorithm>

#include "base/utf8.h"
#include "imds/instance_metadata.h"
#include "imds/metadata_override.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;

auto at(const std::string& path) {
  return [&path](const auto& each) { return each.path == path; };
}

Result<void> check_change(const MetadataChange& change) {
  if (!change.value) return {};
  if (change.value->size() > kMaxChangedValue) {
    return fail(Errc::too_large, "metadata `" + change.path + "` may have at most " +
                                     std::to_string(kMaxChangedValue) + " bytes (got " +
                                     std::to_string(change.value->size()) + ")");
  }
  if (base::is_valid_utf8(*change.value)) return {};
  return fail(
      Errc::invalid_argument,
      "metadata `" + change.path + "` must be UTF-8: binary user data stands in the configuration");
}

class Taker {
 public:
  Taker(LiveMetadata& live, base::SystemTime now, base::Random& random)
      : live_(live), now_(now), random_(random) {}

  Result<void> operator()(const imds::EventOrder& order) const {
    IMDSD_TRY_VOID(imds::carry_out(order, live_.events, now_, random_));
    if (std::holds_alternative<imds::ClearOrder>(order.what)) return {};
    for (const std::string_view path : imds::paths_of(*order.kind())) {
      std::erase_if(live_.changes, at(std::string(path)));
    }
    return {};
  }
  Result<void> operator()(const MetadataChange& change) const {
    IMDSD_TRY_VOID(check_change(change));
    auto& changes = live_.changes;
    const bool known = std::any_of(changes.begin(), changes.end(), at(change.path));
    if (!known && changes.size() >= kMaxMetadataChanges) {
      return fail(Errc::too_large, "there are " + std::to_string(kMaxMetadataChanges) +
                                       " changes already: unset some first");
    }
    std::erase_if(changes, at(change.path));
    changes.push_back(change);
    return {};
  }
  Result<void> operator()(const UnsetStep& step) const {
    if (!step.path) {
      live_.changes.clear();
      return {};
    }
    if (std::erase_if(live_.changes, at(*step.path)) > 0) return {};
    return fail(Errc::not_found, "metadata `" + *step.path + "` was not set");
  }

 private:
  LiveMetadata& live_;
  base::SystemTime now_;
  base::Random& random_;
};

/// The changes that say something about the description; what is left is for the rows.
std::vector<const MetadataChange*> change_sources(const LiveMetadata& live,
                                                  imds::InstanceDescription& description,
                                                  std::vector<UnfitChange>& unfit) {
  std::vector<const MetadataChange*> rest;
  for (const MetadataChange& change : live.changes) {
    imds::InstanceDescription changed = description;
    const auto outcome = change_description(change, changed);
    if (!outcome) {
      unfit.push_back({change.path, outcome.error().message});
    } else if (*outcome) {
      std::erase_if(changed.overrides, at(change.path));
      description = std::move(changed);
    } else {
      rest.push_back(&change);
    }
  }
  return rest;
}

}  // namespace

Result<void> take_step(const LiveStep& step, LiveMetadata& live, base::SystemTime now,
                       base::Random& random) {
  return std::visit(Taker(live, now, random), step);
}

Result<LiveTree> live_tree(const imds::InstanceDescription& description,
                           std::shared_ptr<const imds::IdentitySigner> signer,
                           const LiveMetadata& live, base::SystemTime built) {
  LiveTree out;
  imds::InstanceDescription changed = description;
  const auto rest = change_sources(live, changed, out.unfit);
  IMDSD_TRY(auto rows, imds::described_rows(std::move(changed), std::move(signer)));
  imds::apply_events(live.events, rows);
  for (const MetadataChange* change : rest) {
    const auto applied = imds::apply_override({change->path, change->value}, rows);
    // What is to be absent and is absent already is as it should be.
    if (applied || applied.error().code == Errc::not_found) continue;
    out.unfit.push_back({change->path, applied.error().message});
  }
  IMDSD_TRY(out.tree, imds::MetadataTree::build(std::move(rows), built));
  return out;
}

Result<LiveTree> try_step(const LiveStep& step, const imds::InstanceDescription& description,
                          std::shared_ptr<const imds::IdentitySigner> signer, LiveMetadata& live,
                          base::SystemTime now, base::Random& random) {
  LiveMetadata next = live;
  IMDSD_TRY_VOID(take_step(step, next, now, random));
  IMDSD_TRY(auto tree, live_tree(description, signer, next, now));
  if (tree.unfit.empty()) {
    live = std::move(next);
    return tree;
  }
  // What did not fit before is no fault of this step.
  IMDSD_TRY(const auto before, live_tree(description, std::move(signer), live, now));
  for (const UnfitChange& unfit : tree.unfit) {
    const auto same = [&unfit](const UnfitChange& old) { return old.path == unfit.path; };
    const auto* change = std::get_if<MetadataChange>(&step);
    const bool own = change != nullptr && change->path == unfit.path;
    if (!own && std::any_of(before.unfit.begin(), before.unfit.end(), same)) continue;
    return fail(Errc::invalid_argument, unfit.reason);
  }
  live = std::move(next);
  return tree;
}

}  // namespace imdsd::daemon
