// SPDX-License-Identifier: MIT
#include "daemon/instance_runtime.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/slab_memory.h"
#include "daemon/instance_identity.h"
#include "imds/instance_metadata.h"
#include "imds/network_derivation.h"
#include "imds/region_names.h"

namespace imdsd::daemon {
namespace {

/// What `fault list` has in place of a scenario for the rules of the configuration.
constexpr std::string_view kDeclared = "config";

/// What EC2 writes when it may not assume the role
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html).
void explain_failure(const base::Error& failure, imds::RoleDocumentInput& input) {
  const bool refused = failure.code == base::Errc::access_denied;
  input.failure_code = refused ? "AssumeRoleUnauthorizedAccess" : "Failed";
  input.failure_message =
      refused
          ? "EC2 cannot assume the role " + input.role_name +
                ".  Please see documentation at https://docs.aws.amazon.com/IAM/latest/UserGuide/"
                "troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc."
          : "No credentials for the role " + input.role_name + ": " + failure.message;
}

imds::RoleDocumentInput input_for(const InstanceProfileView& profile) {
  imds::RoleDocumentInput input;
  input.instance_profile_arn = profile.arn;
  input.instance_profile_id = profile.id;
  if (profile.role) {
    input.role_name = profile.role->role_name;
    input.account_id = profile.role->account;
  }
  return input;
}

}  // namespace

InstanceRuntime::InstanceRuntime(std::string id, const base::Clock& clock, base::Random& random,
                                 imds::InstanceObservers observers)
    : instance_(std::move(id), random, std::move(observers)), clock_(clock), random_(random) {}

void InstanceRuntime::describe(imds::MetadataOptions options,
                               std::shared_ptr<const imds::MetadataTree> tree,
                               std::optional<InstanceProfileView> profile,
                               std::shared_ptr<const imds::InstanceIdentityRole> identity_role) {
  const std::lock_guard lock(mutex_);
  identity_role_ = std::move(identity_role);
  options_ = std::move(options);
  tree_ = std::move(tree);
  profile_ = std::move(profile);
  const bool same_role = profile_ && outcome_ && profile_->role == outcome_->instance;
  if (!same_role) outcome_.reset();
  // The first outcome of the new role stores this.
  if (!waits_for_role()) store();
}

void InstanceRuntime::start_with(LiveMetadata live) {
  const std::lock_guard lock(mutex_);
  live_ = std::move(live);
}

void InstanceRuntime::show(LiveMetadata live, std::shared_ptr<const imds::MetadataTree> tree) {
  const std::lock_guard lock(mutex_);
  live_ = std::move(live);
  tree_ = std::move(tree);
  if (!waits_for_role()) store();
}

LiveMetadata InstanceRuntime::live() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

void InstanceRuntime::publish(const sts_client::RotationState& state) {
  const std::lock_guard lock(mutex_);
  if (!profile_ || profile_->role != state.instance) return;
  outcome_ = state;
  store();
}

void InstanceRuntime::store() {
  imds::InstanceSnapshot snapshot;
  snapshot.options = options_;
  snapshot.tree = tree_;
  snapshot.faults = faults_;
  snapshot.identity_role = identity_role_;
  if (profile_ && outcome_) {
    snapshot.role = base::make_shared_in_slabs<const imds::RoleDocuments>(
        role_documents(*profile_, *outcome_, clock_.now(), options_.extended_credentials));
  } else if (profile_) {
    auto input = input_for(*profile_);
    input.last_updated = clock_.now();
    snapshot.role =
        base::make_shared_in_slabs<const imds::RoleDocuments>(imds::render_role_documents(input));
  }
  instance_.snapshot.store(
      base::make_shared_in_slabs<const imds::InstanceSnapshot>(std::move(snapshot)));
}

/// PRECONDITION: mutex_ is held.
std::shared_ptr<const imds::Fault> InstanceRuntime::make_fault(imds::FaultRule rule,
                                                               std::string scenario) {
  faults_made_ += 1;
  auto fault =
      std::make_shared<const imds::Fault>(std::to_string(faults_made_), std::move(scenario),
                                          std::move(rule), clock_.monotonic(), random_);
  const auto seen = instance_.snapshot.load();
  // What stands still does so from now on, not from its first request.
  if (seen && fault->rule().effect.credentials_stale) fault->hold(seen->role);
  return fault;
}

base::Result<std::shared_ptr<const imds::Fault>> InstanceRuntime::add_fault(imds::FaultRule rule,
                                                                            std::string scenario) {
  const std::lock_guard lock(mutex_);
  auto fault = make_fault(std::move(rule), std::move(scenario));
  IMDSD_TRY(auto changed, imds::FaultSet::with(faults_.get(), fault, clock_.monotonic()));
  store_faults(std::move(changed));
  return fault;
}

void InstanceRuntime::declare_faults(const std::vector<imds::FaultRule>& rules) {
  const std::lock_guard lock(mutex_);
  if (rules.empty() && !faults_) return;
  imds::FaultSet::Faults former, next;
  if (faults_) former = faults_->faults();
  for (const imds::FaultRule& rule : rules) {
    const auto same = std::find_if(former.begin(), former.end(), [&](const auto& each) {
      return each->scenario() == kDeclared && each->rule().fields == rule.fields;
    });
    if (same == former.end()) {
      next.push_back(make_fault(rule, std::string(kDeclared)));
    } else {
      next.push_back(*same);
      former.erase(same);
    }
  }
  std::copy_if(former.begin(), former.end(), std::back_inserter(next),
               [](const auto& each) { return each->scenario() != kDeclared; });
  store_faults(next.empty() ? nullptr : std::make_shared<const imds::FaultSet>(std::move(next)));
}

std::size_t InstanceRuntime::clear_faults(std::string_view id_or_scenario) {
  const std::lock_guard lock(mutex_);
  if (!faults_) return 0;
  const std::size_t before = faults_->faults().size();
  store_faults(id_or_scenario.empty() ? nullptr : faults_->without(id_or_scenario));
  return before - (faults_ ? faults_->faults().size() : 0);
}

std::shared_ptr<const imds::FaultSet> InstanceRuntime::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

bool InstanceRuntime::has(std::string_view path) const {
  const auto snapshot = instance_.snapshot.load();
  if (!snapshot || !snapshot->tree) return false;
  return snapshot->tree->read(path, {*snapshot, imds::Delivery::imdsv1, clock_.now()}).has_value();
}

/// Into what is published: describe() may be waiting with what is to come.
void InstanceRuntime::store_faults(std::shared_ptr<const imds::FaultSet> changed) {
  faults_ = std::move(changed);
  const auto seen = instance_.snapshot.load();
  if (!seen) return;
  auto next = std::make_shared<imds::InstanceSnapshot>(*seen);
  next->faults = faults_;
  instance_.snapshot.store(std::move(next));
}

imds::RoleDocuments role_documents(const InstanceProfileView& profile,
                                   const sts_client::RotationState& state, base::SystemTime now,
                                   bool extended) {
  auto input = input_for(profile);
  input.extended = extended;
  if (state.failure) explain_failure(*state.failure, input);
  if (state.sets && state.sets->expiration() > now) {
    input.imdsv1 = state.sets->imdsv1.get();
    input.imdsv2 = state.sets->imdsv2.get();
    input.last_updated = state.sets->issued;
  } else {
    input.last_updated = state.last_attempt;
  }
  return imds::render_role_documents(input);
}

imds::InstanceDescription launched(const InstanceConfig& instance, base::SystemTime started) {
  imds::InstanceDescription description = instance.description;
  if (description.launch_time == base::SystemTime()) description.launch_time = started;
  return description;
}

/// INVARIANT: the rows of a configuration fit: they were tried when it was read.
std::shared_ptr<const imds::MetadataTree> instance_tree(
    std::shared_ptr<const InstanceConfig> instance,
    std::shared_ptr<const imds::IdentitySigner> signer, base::SystemTime started) {
  const auto rows = [instance = std::move(instance), signer = std::move(signer), started] {
    return imds::described_rows(launched(*instance, started), signer);
  };
  return imds::MetadataTree::deferred(rows, started);
}

std::optional<InstanceProfileView> find_profile(const InstanceConfig& instance,
                                                const AwsConfig& aws,
                                                const iam::Directory& directory) {
  if (instance.profile.empty()) return std::nullopt;
  const auto profile = directory.find<iam::InstanceProfile>(aws.account_id, instance.profile);
  if (!profile) return std::nullopt;  // the configuration was checked: it is there
  const auto partition = imds::partition_of_region(aws.region);
  InstanceProfileView view;
  view.name = profile->name;
  view.arn = iam::arn_of(*profile, partition);
  view.id = profile->unique_id;
  if (const auto role = directory.find<iam::Role>(profile->account, profile->role)) {
    const std::string& id = instance.description.id;
    view.role = sts_client::InstanceRole{id, instance_arn(aws.account_id, aws.region, id),
                                         role->account, role->name};
    const auto primary = imds::primary_interface(instance.description);
    view.role->vpc_id = primary.vpc_id;
    if (!primary.local_ipv4s.empty()) view.role->private_ipv4 = primary.local_ipv4s.front();
    view.role_id = role->unique_id;
  }
  return view;
}

}  // namespace imdsd::daemon
