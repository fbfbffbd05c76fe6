// SPDX-License-Identifier: MIT
#include "daemon/instance_ledger.h"

#include <set>
#include <utility>

#include "base/log.h"
#include "ec2/tags.h"

namespace imdsd::daemon {
namespace {

/// The configuration has changed its mind since: what EC2's API said about this is over.
void log_overruled(const std::string& id, std::string_view what) {
  base::log_info("the configuration overrules what the EC2 API changed",
                 {{"instance", id}, {"what", what}});
}

void apply_profile(const std::string& id, InstanceChange& change, InstanceConfig& config) {
  if (!change.profile) return;
  if (change.profile->over == config.profile) {
    config.profile = change.profile->now;
  } else {
    log_overruled(id, "instance profile");
    change.profile.reset();
  }
}

void apply_options(const std::string& id, InstanceChange& change, InstanceConfig& config) {
  if (!change.options) return;
  if (change.options->over == options_of(config.options)) {
    set_options(change.options->now, config);
  } else {
    log_overruled(id, "metadata options");
    change.options.reset();
  }
}

/// Where the metadata is to show tags by now, theirs must fit: a tree that cannot be built has
/// nothing.
void apply_tags(const std::string& id, InstanceChange& change, InstanceConfig& config) {
  if (!change.tags) return;
  const auto fit =
      ec2::check_tags(change.tags->now, config.description.instance_metadata_tags).has_value();
  if (fit && change.tags->over == config.description.tags) {
    config.description.tags = change.tags->now;
  } else {
    log_overruled(id, fit ? "tags" : "tags, which the metadata cannot show");
    change.tags.reset();
  }
}

/// They share one name space.
std::set<std::string, std::less<>> names_and_ids(const Config& config) {
  std::set<std::string, std::less<>> out;
  for (const InstanceConfig& each : config.instances) {
    out.insert(each.name);
    out.insert(each.description.id);
  }
  return out;
}

}  // namespace

InstanceLedgerFile::InstanceLedgerFile(const StateDir& state)
    : state_(state), ledger_(std::make_shared<const InstanceLedger>()) {}

base::Result<void> InstanceLedgerFile::read() {
  IMDSD_TRY(const auto text, state_.read(StateDir::kInstances));
  if (!text) return {};
  auto parsed = InstanceLedger::parse(*text);
  if (!parsed) {
    return base::fail(base::Errc::corrupt,
                      "`" + state_.path_of(StateDir::kInstances) + "`: " + parsed.error().message +
                          "; restore it, or remove it, which undoes what the EC2 API changed and "
                          "ends the instances that RunInstances made");
  }
  ledger_.store(std::make_shared<const InstanceLedger>(*std::move(parsed)));
  return {};
}

base::Result<void> InstanceLedgerFile::store(InstanceLedger ledger) {
  if (ledger == *ledger_.load()) return {};
  IMDSD_TRY_VOID(state_.write(StateDir::kInstances, ledger.print()));
  ledger_.store(std::make_shared<const InstanceLedger>(std::move(ledger)));
  return {};
}

base::Result<void> InstanceLedgerFile::settle(InstanceLedger ledger) {
  auto stored = store(ledger);
  if (!stored) ledger_.store(std::make_shared<const InstanceLedger>(std::move(ledger)));
  return stored;
}

ec2::MetadataOptions options_of(const imds::MetadataOptions& options) {
  return {.tokens_required = options.http_tokens == imds::HttpTokens::required,
          .endpoint_enabled = options.http_endpoint_enabled,
          .hop_limit = options.hop_limit,
          .tags_in_metadata = options.instance_metadata_tags};
}

void set_options(const ec2::MetadataOptions& options, InstanceConfig& config) {
  config.options.http_tokens =
      options.tokens_required ? imds::HttpTokens::required : imds::HttpTokens::optional;
  config.options.http_endpoint_enabled = options.endpoint_enabled;
  config.options.hop_limit = options.hop_limit;
  config.options.instance_metadata_tags = options.tags_in_metadata;
  config.description.instance_metadata_tags = options.tags_in_metadata;
}

InstanceConfig config_of(const RunInstance& instance, const imds::MetadataOptions& defaults) {
  InstanceConfig config;
  config.name = instance.id;
  config.declared = false;
  config.options = defaults;
  config.profile = instance.profile;
  auto& d = config.description;
  d.id = instance.id;
  d.type = instance.type;
  d.availability_zone = instance.zone;
  d.account_id = instance.account;
  d.region = instance.region;
  d.launch_time = instance.launched;
  d.ami_id = instance.image_id;
  d.ami_launch_index = instance.launch_index;
  d.reservation_id = instance.reservation_id;
  d.group_name = instance.placement_group;
  d.security_groups = instance.group_names;
  d.security_group_ids = instance.group_ids;
  d.monitoring = instance.monitoring ? "enabled" : "disabled";
  d.user_data = instance.user_data;
  d.tags = instance.tags;
  if (!instance.key_name.empty()) d.public_keys = {{instance.key_name, instance.openssh_key}};
  if (!instance.subnet_id.empty() || !instance.private_ip.empty()) {
    auto& interface = d.interfaces.emplace_back();
    interface.subnet_id = instance.subnet_id;
    if (!instance.private_ip.empty()) interface.local_ipv4s = {instance.private_ip};
  }
  set_options(instance.options, config);
  return config;
}

InstanceLedger take_up(const InstanceLedger& ledger, Config& config) {
  InstanceLedger kept = ledger;
  for (InstanceConfig& instance : config.instances) {
    const std::string& id = instance.description.id;
    const auto found = kept.changed.find(id);
    if (found == kept.changed.end()) continue;
    apply_profile(id, found->second, instance);
    apply_options(id, found->second, instance);
    apply_tags(id, found->second, instance);
    if (found->second.empty()) kept.changed.erase(found);
  }
  const auto taken = names_and_ids(config);
  for (const auto& [id, instance] : ledger.run) {
    if (instance.terminated || instance.stopped) continue;
    if (instance.account != config.aws.account_id || instance.region != config.aws.region) {
      base::log_warn(
          "an instance of RunInstances belongs elsewhere, and is not served",
          {{"instance", id}, {"account", instance.account}, {"region", instance.region}});
    } else if (taken.count(id) != 0) {
      base::log_warn(
          "an instance of RunInstances has the id of a configured one, and is not served",
          {{"instance", id}});
    } else {
      config.instances.push_back(config_of(instance, config.imds.options));
    }
  }
  return kept;
}

}  // namespace imdsd::daemon
