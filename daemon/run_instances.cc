// SPDX-License-Identifier: MIT
#include "daemon/run_instances.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "aws/ids.h"
#include "ec2/errors.h"
#include "ec2/tags.h"
#include "imds/instance_metadata.h"

namespace imdsd::daemon {
namespace {

using aws::Outcome;

/// What no two instances have in common.
class Taken {
 public:
  Taken(const Fleet& fleet, const InstanceLedger& ledger) {
    for (const auto& [id, run] : ledger.run) {
      if (!run.stopped) continue;  // it keeps its addresses
      const auto marks = marks_of(imds::complete(config_of(run, fleet.options).description));
      all_.insert(marks.begin(), marks.end());
    }
    for (const FleetMember& member : fleet.members) {
      all_.insert(member.config->name);
      const auto marks = marks_of(imds::complete(member.config->description));
      all_.insert(marks.begin(), marks.end());
    }
  }
  /// False, and nothing is added, when some of it is taken already.
  bool add(const imds::InstanceDescription& complete) {
    const auto marks = marks_of(complete);
    const bool is_free =
        std::none_of(marks.begin(), marks.end(), [this](const auto& each) { return has(each); });
    if (is_free) all_.insert(marks.begin(), marks.end());
    return is_free;
  }
  [[nodiscard]] bool has(const std::string& mark) const { return all_.count(mark) != 0; }

 private:
  static std::vector<std::string> marks_of(const imds::InstanceDescription& complete) {
    std::vector<std::string> marks{complete.id};
    for (const auto& interface : complete.interfaces) {
      marks.push_back(interface.mac);
      marks.insert(marks.end(), interface.local_ipv4s.begin(), interface.local_ipv4s.end());
    }
    return marks;
  }
  std::set<std::string> all_;
};

/// EC2 has a store of key pairs; here they are those of instances that the configuration declares.
Outcome<std::string> find_key(const std::string& name, const Fleet& fleet) {
  if (name.empty()) return std::string();
  for (const FleetMember& member : fleet.members) {
    for (const auto& key : member.config->description.public_keys) {
      if (key.name == name) return key.openssh_key;
    }
  }
  return aws::service_error(400, "InvalidKeyPair.NotFound",
                            "The key pair '" + name +
                                "' does not exist: there are those of `instance.*.public_key` in "
                                "the configuration");
}

/// How many may be started.
Outcome<std::size_t> count_of(const ec2::RunOrder& order, const InstanceLedger& ledger) {
  const auto running = static_cast<std::size_t>(
      std::count_if(ledger.run.begin(), ledger.run.end(),
                    [](const auto& entry) { return !entry.second.terminated; }));
  const std::size_t left = kMaxRunInstances - std::min(kMaxRunInstances, running);
  if (order.min_count <= left) return std::min(order.max_count, left);
  return aws::service_error(
      400, "InstanceLimitExceeded",
      "You have requested more instances (" + std::to_string(running + order.min_count) +
          ") than your current instance limit of " + std::to_string(kMaxRunInstances) + " allows.");
}

RunInstance first_of(const ec2::RunOrder& order, const Fleet& fleet, base::SystemTime now,
                     base::Random& random) {
  RunInstance run;
  run.reservation_id = aws::make_resource_id("r-", random);
  run.account = fleet.aws.account_id;
  run.region = fleet.aws.region;
  run.type = order.type;
  run.zone = order.zone.empty() ? fleet.aws.region + "a" : order.zone;
  run.image_id = order.image_id;
  run.launched = now;
  run.subnet_id = order.subnet_id;
  run.private_ip = order.private_ip;
  run.placement_group = order.placement_group;
  run.group_names = order.group_names;
  run.group_ids = order.group_ids;
  run.key_name = order.key_name;
  run.user_data = order.user_data;
  run.monitoring = order.monitoring;
  run.termination_protected = order.termination_protected;
  run.client_token = order.client_token;
  run.digest = order.digest;
  run.profile = order.profile;
  run.options = order.metadata_options.applied_to(options_of(fleet.options));
  run.tags = order.tags;
  return run;
}

/// With an id whose addresses are free as well: they follow from it.
Outcome<void> find_place(RunInstance& run, Taken& taken, const Fleet& fleet, base::Random& random) {
  constexpr int kTries = 1000;
  for (int i = 0; i < kTries; ++i) {
    run.id = aws::make_resource_id("i-", random);
    if (taken.add(imds::complete(config_of(run, fleet.options).description))) return {};
  }
  return aws::service_error(400, "InsufficientFreeAddressesInSubnet",
                            "There are not enough free addresses in the subnet of " + run.zone +
                                " to satisfy the requested number of instances.");
}

/// What the configuration would be told of an instance that cannot be shown.
Outcome<void> check_shown(const RunInstance& run, const Fleet& fleet) {
  auto checked = ec2::check_tags(run.tags, run.options.tags_in_metadata);
  if (!checked) return checked;
  const auto tree =
      imds::build_metadata_tree(config_of(run, fleet.options).description, run.launched);
  if (tree) return {};
  return ec2::invalid_value("The instance's metadata cannot be made: " + tree.error().message);
}

}  // namespace

Outcome<std::vector<RunInstance>> make_instances(const ec2::RunOrder& order, const Fleet& fleet,
                                                 const InstanceLedger& ledger, base::SystemTime now,
                                                 base::Random& random) {
  IMDSD_TRY(const std::size_t count, count_of(order, ledger));
  RunInstance run = first_of(order, fleet, now, random);
  IMDSD_TRY(run.openssh_key, find_key(order.key_name, fleet));
  Taken taken(fleet, ledger);
  if (!order.private_ip.empty() && taken.has(order.private_ip)) {
    return aws::service_error(400, "InvalidIPAddress.InUse",
                              "Address " + order.private_ip + " is in use.");
  }
  std::vector<RunInstance> made;
  for (std::size_t i = 0; i < count; ++i) {
    run.launch_index = std::to_string(i);
    IMDSD_TRY_VOID(find_place(run, taken, fleet, random));
    if (!run.profile.empty()) run.association_id = aws::make_resource_id("iip-assoc-", random);
    if (i == 0) IMDSD_TRY_VOID(check_shown(run, fleet));
    made.push_back(run);
  }
  return made;
}

}  // namespace imdsd::daemon
