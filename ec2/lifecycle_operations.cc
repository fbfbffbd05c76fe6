// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "ec2/authorize.h"
#include "ec2/errors.h"
#include "ec2/find.h"
#include "ec2/instance_xml.h"
#include "ec2/operation.h"
#include "ec2/parameters.h"
#include "ec2/run_order.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;

constexpr const char* kRun = "ec2:RunInstances";

/// The keys of the instances to come.
AddKeys keys_of_order(const Call& call, const RunOrder& order) {
  return [&](iam::ConditionKeys& keys) {
    keys.set("ec2:InstanceType", order.type);
    keys.set("ec2:RootDeviceType", "ebs");
    keys.set("ec2:Tenancy", "default");
    keys.set("ec2:EbsOptimized", "false");
    keys.set("ec2:InstanceMarketType", "on-demand");
    if (!order.zone.empty()) keys.set("ec2:AvailabilityZone", order.zone);
    if (!order.profile.empty()) keys.set("ec2:InstanceProfile", profile_arn(call, order.profile));
    const auto& options = order.metadata_options;
    const auto enabled = [](bool value) { return value ? "enabled" : "disabled"; };
    if (options.tokens_required) {
      keys.set("ec2:MetadataHttpTokens", *options.tokens_required ? "required" : "optional");
    }
    if (options.endpoint_enabled) {
      keys.set("ec2:MetadataHttpEndpoint", enabled(*options.endpoint_enabled));
    }
    if (options.hop_limit) {
      keys.set("ec2:MetadataHttpPutResponseHopLimit", std::to_string(*options.hop_limit));
    }
    if (options.tags_in_metadata) {
      keys.set("ec2:InstanceMetadataTags", enabled(*options.tags_in_metadata));
    }
    add_request_tags(order.tags, keys);
  };
}

/// All that an instance is made of has to be allowed
/// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances).
Outcome<void> require_run(Call& call, const RunOrder& order) {
  const AddKeys instance_keys = keys_of_order(call, order);
  IMDSD_TRY_VOID(require(call, kRun, call.arn("instance", "*"), instance_keys));
  const AddKeys image_keys = [&](iam::ConditionKeys& keys) {
    keys.set("ec2:ImageID", order.image_id);
    keys.set("ec2:ImageType", "machine");
    keys.set("ec2:RootDeviceType", "ebs");
  };
  IMDSD_TRY_VOID(require(call, kRun, call.arn("image", order.image_id), image_keys));
  IMDSD_TRY_VOID(require(call, kRun, call.arn("network-interface", "*")));
  IMDSD_TRY_VOID(require(call, kRun, call.arn("volume", "*")));
  const std::string subnet = order.subnet_id.empty() ? "*" : order.subnet_id;
  IMDSD_TRY_VOID(require(call, kRun, call.arn("subnet", subnet)));
  if (order.group_ids.empty()) {
    IMDSD_TRY_VOID(require(call, kRun, call.arn("security-group", "*")));
  }
  for (const std::string& id : order.group_ids) {
    IMDSD_TRY_VOID(require(call, kRun, call.arn("security-group", id)));
  }
  if (!order.key_name.empty()) {
    IMDSD_TRY_VOID(require(call, kRun, call.arn("key-pair", order.key_name)));
  }
  if (order.tags.empty()) return {};
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
  return require(call, "ec2:CreateTags", call.arn("instance", "*"), [&](iam::ConditionKeys& keys) {
    instance_keys(keys);
    keys.set("ec2:CreateAction", "RunInstances");
  });
}

/// The profile's name, for the instances that this caller may give it to.
Outcome<std::string> passed_profile(Call& call) {
  IMDSD_TRY(const auto profile, find_profile(call));
  if (!profile) return std::string();
  IMDSD_TRY_VOID(require_pass_role(call, *profile, call.arn("instance", "*")));
  return profile->name;
}

std::string named_profile(const Call& call) {
  const std::string arn = call.text("IamInstanceProfile.Arn");
  return arn.empty() ? call.text("IamInstanceProfile.Name") : arn.substr(arn.rfind('/') + 1);
}

Outcome<void> run(Call& call) {
  IMDSD_TRY(RunOrder order, read_run_order(call));
  order.profile = named_profile(call);
  IMDSD_TRY_VOID(require_run(call, order));
  IMDSD_TRY(order.profile, passed_profile(call));
  if (!call.is_owner()) {
    return unsupported("Instances here belong to account " + call.place.account +
                       " (aws.account_id): account " + call.request.caller.principal.account +
                       " cannot run any.");
  }
  IMDSD_TRY_VOID(call.end_dry_run());
  IMDSD_TRY(std::vector<Instance> instances, call.context.instances.run(order));
  // EC2 answers before they are up.
  for (Instance& instance : instances) {
    if (instance.state == InstanceState::running) instance.state = InstanceState::pending;
  }
  std::vector<const Instance*> reservation;
  for (const Instance& instance : instances) reservation.push_back(&instance);
  write_reservation(call, reservation);
  return {};
}

/// None is terminated when one of them cannot be.
Outcome<void> check_terminable(const std::vector<Instance>& instances) {
  for (const Instance& instance : instances) {
    if (!instance.termination_protected || instance.settings.terminated) continue;
    return aws::service_error(400, "OperationNotPermitted",
                              "The instance '" + instance.id +
                                  "' may not be terminated. Modify its 'disableApiTermination' "
                                  "instance attribute and try again.");
  }
  return {};
}

/// `on_the_way`: what EC2 answers for those that are not `done` yet.
void write_transitions(Call& call, const std::vector<Instance>& before, InstanceState on_the_way,
                       InstanceState done) {
  call.xml.open("instancesSet");
  for (const Instance& instance : before) {
    call.xml.open("item").leaf("instanceId", instance.id);
    write_state(call.xml, "currentState", instance.state == done ? done : on_the_way);
    write_state(call.xml, "previousState", instance.state);
    call.xml.close();
  }
  call.xml.close();
}

/// InstanceId.N, each once, on all of which the caller may do this.
Outcome<std::vector<std::string>> authorized_ids(Call& call, const std::string& action) {
  auto ids = numbered_texts(call.parameters(), "InstanceId");
  if (ids.empty()) return missing_parameter("InstanceId");
  IMDSD_TRY_VOID(check_instance_ids(ids));
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  for (const std::string& id : ids) {
    IMDSD_TRY_VOID(require_on_instance(call, action, id));
  }
  return ids;
}

Outcome<void> terminate(Call& call) {
  IMDSD_TRY(const auto ids, authorized_ids(call, "ec2:TerminateInstances"));
  IMDSD_TRY(std::vector<Instance> before, find_instances(call, ids));
  IMDSD_TRY_VOID(check_terminable(before));
  IMDSD_TRY_VOID(call.end_dry_run());
  const auto kept = call.context.instances.change(ids, [&](std::vector<Instance>& instances) {
    before = instances;
    for (Instance& instance : instances) instance.settings.terminated = true;
    return true;
  });
  if (!kept) return internal_error(kept.error().message);
  write_transitions(call, before, InstanceState::shutting_down, InstanceState::terminated);
  return {};
}

/// None is stopped or started when one of them cannot be.
Outcome<void> check_stoppable(const std::vector<Instance>& instances, bool stops) {
  for (const Instance& instance : instances) {
    if (instance.settings.terminated) {
      return aws::service_error(400, "IncorrectInstanceState",
                                "The instance '" + instance.id +
                                    "' is not in a state from which it can be " +
                                    (stops ? "stopped." : "started."));
    }
    if (stops && instance.declared) {
      return unsupported("The instance '" + instance.id +
                         "' is declared in the configuration, and runs as long as it stands there");
    }
  }
  return {};
}

/// The instances as they were before.
Outcome<std::vector<Instance>> set_stopped(Call& call, const std::string& action, bool stops) {
  IMDSD_TRY(const auto ids, authorized_ids(call, action));
  IMDSD_TRY(std::vector<Instance> before, find_instances(call, ids));
  IMDSD_TRY_VOID(check_stoppable(before, stops));
  IMDSD_TRY_VOID(call.end_dry_run());
  Outcome<void> outcome;
  const auto kept = call.context.instances.change(ids, [&](std::vector<Instance>& instances) {
    before = instances;
    outcome = check_stoppable(instances, stops);
    for (Instance& instance : instances) instance.settings.stopped = stops;
    return outcome.has_value();
  });
  if (!kept) return internal_error(kept.error().message);
  if (!outcome) return tl::unexpected(std::move(outcome).error());
  return before;
}

Outcome<void> stop(Call& call) {
  IMDSD_TRY(const auto hibernates, optional_boolean(call.parameters(), "Hibernate"));
  if (hibernates.value_or(false)) {
    return unsupported("Emulated instances have no memory to keep: Hibernate cannot be true.");
  }
  IMDSD_TRY(const auto before, set_stopped(call, "ec2:StopInstances", true));
  write_transitions(call, before, InstanceState::stopping, InstanceState::stopped);
  return {};
}

Outcome<void> start(Call& call) {
  IMDSD_TRY(const auto before, set_stopped(call, "ec2:StartInstances", false));
  write_transitions(call, before, InstanceState::pending, InstanceState::running);
  return {};
}

constexpr std::array<std::string_view, 3> kTerminate{"InstanceId.N", "Force", "SkipOsShutdown"};

constexpr std::array<std::string_view, 1> kStart{"InstanceId.N"};
constexpr std::array<std::string_view, 4> kStop{"InstanceId.N", "Force", "Hibernate",
                                                "SkipOsShutdown"};

const std::array kOperations{
    Operation{"RunInstances", run_parameters(), run},
    Operation{"StartInstances", kStart, start},
    Operation{"StopInstances", kStop, stop},
    Operation{"TerminateInstances", kTerminate, terminate},
};

}  // namespace

std::span<const Operation> lifecycle_operations() {
  return kOperations;
}

}  // namespace imdsd::ec2
