// SPDX-License-Identifier: MIT
#include "iam/readable_layers.h"

#include <algorithm>
#include <utility>

namespace imdsd::iam {

ReadableLayers::ReadableLayers(const RequestContext& request, std::string_view account) {
  const auto set = [this](Layer layer, bool readable) {
    readable_[static_cast<std::size_t>(layer)] = readable;
  };
  const bool own_caller = request.caller->principal.account == account;
  for (const Layer layer :
       {Layer::service_control, Layer::identity, Layer::boundary, Layer::session}) {
    set(layer, own_caller);
  }
  for (const Layer layer : {Layer::resource, Layer::resource_control}) {
    set(layer, request.resource_account == account);
  }
}

bool ReadableLayers::has_all_of(const Decision& decision) const noexcept {
  for (std::size_t i = 0; i < kLayerCount; ++i) {
    if (!readable_[i] && decision.verdicts[i] != Verdict::not_applicable) return false;
  }
  return true;
}

Decision ReadableLayers::part_of(const Decision& decision) const {
  Decision part = decision;
  part.matches = {};
  for (const Match& match : decision.matches) {
    if (has(match.layer)) part.matches.push_back(match);
  }
  return part;
}

std::vector<NearMatch> ReadableLayers::part_of(std::vector<NearMatch> near) const {
  std::erase_if(near, [this](const NearMatch& each) { return !has(each.match.layer); });
  return near;
}

ReadableRemedy ReadableLayers::part_of(Remedy remedy) const {
  const auto other = [this](const PolicyChange& change) { return !has(change.layer); };
  const bool has_all = std::find(readable_.begin(), readable_.end(), false) == readable_.end();
  if (!has_all) remedy.keys.clear();
  const bool lacks_some = std::erase_if(remedy.changes, other) > 0;
  if (lacks_some) remedy.allows = false;
  return {std::move(remedy), lacks_some};
}

}  // namespace imdsd::iam
