// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "daemon/config.h"
#include "daemon/live_metadata.h"
#include "iam/directory.h"
#include "imds/fault.h"
#include "imds/identity_signer.h"
#include "imds/instance_identity_role.h"
#include "imds/role_documents.h"
#include "imds/service.h"
#include "sts_client/rotator.h"

namespace imdsd::daemon {

/// The instance profile of an instance, looked up in the directory.
struct InstanceProfileView {
  std::string name, arn, id;
  std::optional<sts_client::InstanceRole> role;  // none: the profile contains no role
  std::string role_id;  // AROA…: a role that was made again is another one
  friend bool operator==(const InstanceProfileView&, const InstanceProfileView&) = default;
};

/// One emulated instance: its metadata service, and what that publishes. A new snapshot is built
/// from the description (start, reload) and from the credentials (rotation), whichever changes.
/// Thread-safe.
class InstanceRuntime {
 public:
  InstanceRuntime(std::string id, const base::Clock& clock, base::Random& random,
                  imds::InstanceObservers observers = {});

  [[nodiscard]] const std::string& id() const noexcept { return instance_.id; }
  /// For as long as this lives.
  [[nodiscard]] imds::Service service() const noexcept { return {clock_, instance_}; }
  [[nodiscard]] const std::shared_ptr<imds::RequestCounters>& counters() const noexcept {
    return instance_.observers.counters;
  }

  /// Takes effect at once; with a role that is new here, together with that role's first outcome:
  /// no request sees the instance between two roles.
  void describe(imds::MetadataOptions options, std::shared_ptr<const imds::MetadataTree> tree,
                std::optional<InstanceProfileView> profile,
                std::shared_ptr<const imds::InstanceIdentityRole> identity_role = nullptr);
  /// What lives on it from the next describe() on.
  void start_with(LiveMetadata live);
  /// What the metadata shows beyond the configuration, and the tree with it: takes effect at once.
  void show(LiveMetadata live, std::shared_ptr<const imds::MetadataTree> tree);
  [[nodiscard]] LiveMetadata live() const;
  /// The rotator's sink; a state of a role that this instance no longer has is ignored.
  void publish(const sts_client::RotationState& state);

  /// Makes a rule, at work from now on; see imds::FaultSet::with() for the error. `scenario`: the
  /// one that it belongs to, or empty.
  [[nodiscard]] base::Result<std::shared_ptr<const imds::Fault>> add_fault(imds::FaultRule rule,
                                                                           std::string scenario);
  /// The rules of the configuration, in place of its former ones and in front of those that were
  /// made since. One that was there already goes on with its hits.
  void declare_faults(const std::vector<imds::FaultRule>& rules);
  /// Ends the rules of this id or scenario, or all for an empty text; how many those were.
  std::size_t clear_faults(std::string_view id_or_scenario);
  /// Null: none.
  [[nodiscard]] std::shared_ptr<const imds::FaultSet> faults() const;
  /// Whether the metadata has anything at this path, which is below the version.
  [[nodiscard]] bool has(std::string_view path) const;

 private:
  /// mutex_ held. Of an instance between two roles nothing is shown: nobody may find it so.
  [[nodiscard]] bool waits_for_role() const { return profile_ && profile_->role && !outcome_; }
  [[nodiscard]] std::shared_ptr<const imds::Fault> make_fault(imds::FaultRule rule,
                                                              std::string scenario);
  void store();                                                      // mutex_ held
  void store_faults(std::shared_ptr<const imds::FaultSet> changed);  // mutex_ held

  imds::Instance instance_;
  const base::Clock& clock_;
  base::Random& random_;
  mutable std::mutex mutex_;
  LiveMetadata live_;
  imds::MetadataOptions options_;
  std::shared_ptr<const imds::MetadataTree> tree_;
  std::shared_ptr<const imds::InstanceIdentityRole> identity_role_;
  std::optional<InstanceProfileView> profile_;
  std::optional<sts_client::RotationState> outcome_;  // the last, of the profile's role
  std::shared_ptr<const imds::FaultSet> faults_;      // none: null
  std::uint64_t faults_made_ = 0;                     // ids are never given twice
};

/// The documents below iam/ for this outcome: the credentials while they live; behind their end, or
/// without any, why there are none, as far as the last attempt told.
/// `extended`: those with AccountId, too.
[[nodiscard]] imds::RoleDocuments role_documents(const InstanceProfileView& profile,
                                                 const sts_client::RotationState& state,
                                                 base::SystemTime now, bool extended);

/// What the metadata service describes; an instance without a launch time was launched when the
/// daemon was started.
[[nodiscard]] imds::InstanceDescription launched(const InstanceConfig& instance,
                                                 base::SystemTime started);
/// Its tree, built when it is first read.
[[nodiscard]] std::shared_ptr<const imds::MetadataTree> instance_tree(
    std::shared_ptr<const InstanceConfig> instance,
    std::shared_ptr<const imds::IdentitySigner> signer, base::SystemTime started);

/// Nothing for an instance without a profile.
[[nodiscard]] std::optional<InstanceProfileView> find_profile(const InstanceConfig& instance,
                                                              const AwsConfig& aws,
                                                              const iam::Directory& directory);

}  // namespace imdsd::daemon
