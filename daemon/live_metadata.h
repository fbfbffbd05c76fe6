// SPDX-License-Identifier: MIT
// What an instance's metadata shows beyond its configuration: events, and values changed at run
// time. A value type; daemon/core.h keeps one per instance.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "daemon/metadata_change.h"
#include "imds/event_order.h"
#include "imds/events.h"
#include "imds/identity_signer.h"
#include "imds/instance_description.h"
#include "imds/metadata_tree.h"

namespace imdsd::daemon {

struct LiveMetadata {
  imds::InstanceEvents events;
  std::vector<MetadataChange> changes;  // one a path, the newest last
  friend bool operator==(const LiveMetadata&, const LiveMetadata&) = default;
};

/// What can happen to it: an event, a change, or the end of a change (none: of all).
struct UnsetStep {
  std::optional<std::string> path;
};
using LiveStep = std::variant<imds::EventOrder, MetadataChange, UnsetStep>;

/// Errors are those of imds::carry_out(); Errc::not_found for an unset of what was not set,
/// ::too_large beyond kMaxMetadataChanges and kMaxChangedValue. Of an event and a change of its
/// path the later one counts.
[[nodiscard]] base::Result<void> take_step(const LiveStep& step, LiveMetadata& live,
                                           base::SystemTime now, base::Random& random);

/// A change that does not fit what the configuration says by now: it has no effect.
struct UnfitChange {
  std::string path, reason;
};

struct LiveTree {
  std::shared_ptr<const imds::MetadataTree> tree;
  std::vector<UnfitChange> unfit;
};

/// The tree of a description (its launch time filled in) with what lives on it: changes that others
/// follow from, the configuration's own overrides, events, all other changes, in this order.
[[nodiscard]] base::Result<LiveTree> live_tree(const imds::InstanceDescription& description,
                                               std::shared_ptr<const imds::IdentitySigner> signer,
                                               const LiveMetadata& live, base::SystemTime built);

/// take_step(), and that it leaves no change that does not fit: `live` is as it was then, and the
/// error names it. The tree as it is afterwards.
[[nodiscard]] base::Result<LiveTree> try_step(const LiveStep& step,
                                              const imds::InstanceDescription& description,
                                              std::shared_ptr<const imds::IdentitySigner> signer,
                                              LiveMetadata& live, base::SystemTime now,
                                              base::Random& random);

}  // namespace imdsd::daemon
