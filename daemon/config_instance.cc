// SPDX-License-Identifier: MIT
#include "daemon/config_instance.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "aws/time_format.h"
#include "daemon/config_events.h"
#include "daemon/config_faults.h"
#include "daemon/config_metadata_options.h"
#include "daemon/config_network.h"
#include "daemon/config_values.h"
#include "daemon/instance_name.h"
#include "imds/instance_metadata.h"
#include "imds/metadata_override.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::Result;

constexpr Choice<std::string_view> kArchitectures[] = {
    {"x86_64", "x86_64"}, {"arm64", "arm64"}, {"i386", "i386"}};
constexpr Choice<std::string_view> kSystems[] = {
    {"nitro", "nitro"}, {"xen", "xen"}, {"xen-on-nitro", "xen-on-nitro"}};
constexpr Choice<std::string_view> kLifeCycles[] = {{"on-demand", "on-demand"},
                                                    {"spot", "spot"},
                                                    {"scheduled", "scheduled"},
                                                    {"capacity-block", "capacity-block"}};
constexpr Choice<std::string_view> kActions[] = {
    {"none", "none"}, {"shutdown", "shutdown"}, {"bundle-pending", "bundle-pending"}};
constexpr Choice<std::string_view> kMonitoring[] = {{"disabled", "disabled"},
                                                    {"enabled", "enabled"}};
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html
constexpr Choice<std::string_view> kLifecycleStates[] = {
    {"Detached", "Detached"},
    {"InService", "InService"},
    {"Standby", "Standby"},
    {"Terminated", "Terminated"},
    {"Warmed:Hibernated", "Warmed:Hibernated"},
    {"Warmed:Running", "Warmed:Running"},
    {"Warmed:Stopped", "Warmed:Stopped"},
    {"Warmed:Terminated", "Warmed:Terminated"}};

template <std::size_t N>
auto word_of(const Choice<std::string_view> (&choices)[N]) {
  return [&choices](const ConfigNode& node) -> Result<std::string> {
    IMDSD_TRY(const auto word, one_of(node, choices));
    return std::string(word);
  };
}

auto id_with(std::string_view prefix) {
  return [prefix](const ConfigNode& node) { return resource_id(node, prefix); };
}

auto number(std::int64_t low, std::int64_t high) {
  return [low, high](const ConfigNode& node) -> Result<std::string> {
    IMDSD_TRY(const auto value, integer_between(node, low, high));
    return std::to_string(value);
  };
}

Result<std::string> truth(const ConfigNode& node) {
  return std::string(node.boolean ? "true" : "false");
}

class InstanceReader {
 public:
  InstanceReader(const ConfigSection& section, const ConfigContext& context, const Config& config)
      : section_(section), context_(context), config_(config) {}

  InstanceConfig read() {
    auto& d = out_.description;
    d.account_id = config_.aws.account_id;
    d.region = config_.aws.region;
    d.availability_zone = d.region + "a";
    out_.options = config_.imds.options;
    read_metadata_options(section_, out_.options);
    d.instance_metadata_tags = out_.options.instance_metadata_tags;
    read_identity();
    read_routes();
    read_image();
    read_placement();
    read_state();
    read_network(section_, d);
    read_block_devices();
    read_public_keys();
    read_tags();
    read_profile();
    if (auto data = read_document(section_, "user_data", false, context_)) {
      read_user_data(std::move(data->text));
    }
    read_overrides();
    out_.faults = read_faults(section_, d.overrides, context_);
    out_.events = read_events(section_);
    return std::move(out_);
  }

 private:
  void read_identity() {
    auto& d = out_.description;
    section_.read("name", out_.name, instance_name);
    if (!out_.name.empty()) d.id = id_of_name(out_.name);
    section_.read("id", d.id, id_with("i-"));
    if (out_.name.empty()) out_.name = d.id;
    section_.read("type", d.type, instance_type);
    section_.read("architecture", d.architecture, word_of(kArchitectures));
    section_.read("system", d.hypervisor, word_of(kSystems));
    section_.read("reservation_id", d.reservation_id, id_with("r-"));
    section_.read("hostname", d.hostname, host_name);
    section_.read("security_groups", d.security_groups, each(line_of_text));
    section_.read("security_group_ids", d.security_group_ids, each(id_with("sg-")));
    section_.read("launch_time", d.launch_time, [](const ConfigNode& node) {
      auto time = aws::parse_iso8601(node.string);
      if (!time)
        time.error().message = "must be a time such as `2026-01-01T12:00:00Z`" + got(node.string);
      return time;
    });
  }

  void read_routes() {
    section_.read("default", out_.is_default,
                  [](const ConfigNode& node) -> Result<bool> { return node.boolean; });
    section_.read("listen", out_.listen, any_listen_addresses);
    section_.read("peers", out_.peers, ip_networks);
  }

  void read_image() {
    auto& d = out_.description;
    section_.read("ami_id", d.ami_id, id_with("ami-"));
    section_.read("ami_launch_index", d.ami_launch_index, number(0, 1'000'000));
    section_.read("ami_manifest_path", d.ami_manifest_path, line_of_text);
    section_.read("ancestor_ami_ids", d.ancestor_ami_ids, each(id_with("ami-")));
    section_.read("kernel_id", d.kernel_id, id_with("aki-"));
    section_.read("ramdisk_id", d.ramdisk_id, id_with("ari-"));
    section_.read("product_codes", d.product_codes, each(line_of_text));
    section_.read("billing_products", d.billing_products, each(line_of_text));
  }

  void read_placement() {
    auto& d = out_.description;
    section_.read("availability_zone", d.availability_zone,
                  [&](const ConfigNode& node) { return zone_in_region(node); });
    section_.read("availability_zone_id", d.availability_zone_id, line_of_text);
    section_.read("group_name", d.group_name, line_of_text);
    section_.read("host_id", d.host_id, id_with("h-"));
    section_.read("partition_number", d.partition_number, number(1, 7));
  }

  void read_state() {
    auto& d = out_.description;
    section_.read("life_cycle", d.instance_life_cycle, word_of(kLifeCycles));
    section_.read("action", d.instance_action, word_of(kActions));
    section_.read("monitoring", d.monitoring, word_of(kMonitoring));
    section_.read("hibernation_configured", d.hibernation_configured, truth);
    section_.read("target_lifecycle_state", d.target_lifecycle_state, word_of(kLifecycleStates));
  }

  /// `value` as an entry of `seen`; false, and a problem at `key`, when it is there already.
  static bool once(const ConfigSection& section, std::string_view key, const std::string& value,
                   std::set<std::string>& seen) {
    if (seen.insert(value).second) return true;
    section.add_problem(key, "`" + value + "` is there twice");
    return false;
  }

  void read_block_devices() {
    std::set<std::string> names;
    for (const auto& table : section_.sections("block_device")) {
      imds::BlockDevice device;
      table.read_required("name", device.name, block_device_name);
      table.read_required("device", device.device, line_of_text);
      if (device.name.empty() || !once(table, "name", device.name, names)) continue;
      out_.description.block_devices.push_back(std::move(device));
    }
  }

  void read_public_keys() {
    for (const auto& table : section_.sections("public_key")) {
      imds::PublicKey key;
      table.read_required("name", key.name, line_of_text);
      table.read_required("openssh_key", key.openssh_key, line_of_text);
      out_.description.public_keys.push_back(std::move(key));
    }
  }

  void read_tags() {
    std::set<std::string> keys;
    const bool shown = out_.description.instance_metadata_tags;
    for (const auto& table : section_.sections("tags")) {
      std::pair<std::string, std::string> tag;
      table.read_required("key", tag.first,
                          [&](const ConfigNode& node) { return tag_key(node, shown); });
      table.read_required("value", tag.second, tag_value);
      if (tag.first.empty() || !once(table, "key", tag.first, keys)) continue;
      out_.description.tags.push_back(std::move(tag));
    }
  }

  void read_profile() {
    if (!section_.has("profile")) out_.profile = default_profile();
    section_.read("profile", out_.profile,
                  [](const ConfigNode& node) -> Result<std::string> { return node.string; });
    if (const ConfigNode* node = section_.find("profile")) out_.profile_at = node->at;
  }

  /// One role and nothing else to choose from: that is the instance's. Of several, the one that is
  /// called as the instance is.
  [[nodiscard]] std::string default_profile() const {
    std::vector<std::string_view> names;  // a role has a profile of its own name
    for (const auto& profile : config_.iam.instance_profiles) {
      if (profile.account == config_.aws.account_id) names.push_back(profile.name);
    }
    const std::size_t declared = names.size();
    for (const auto& role : config_.iam.roles) {
      if (role.account == config_.aws.account_id) names.push_back(role.name);
    }
    if (declared == 0 && names.size() == 1) return std::string(names[0]);
    return std::find(names.begin(), names.end(), out_.name) != names.end() ? out_.name : "";
  }

  void read_user_data(std::string data) {
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
    constexpr std::size_t kMaxUserData = 16 * 1024;
    if (data.size() > kMaxUserData) {
      section_.add_problem(
          section_.has("user_data") ? "user_data" : "user_data_file",
          "may have at most 16384 bytes (got " + std::to_string(data.size()) + ")");
    }
    out_.description.user_data = std::move(data);
  }

  void read_overrides() {
    // Only what a table adds can collide with something.
    constexpr const char* kTables[] = {"metadata", "network_interface", "block_device",
                                       "public_key", "tags"};
    if (std::none_of(std::begin(kTables), std::end(kTables),
                     [&](const char* key) { return section_.has(key); })) {
      return;
    }
    auto rows = imds::metadata_rows(imds::complete(out_.description));
    if (const auto tree = imds::MetadataTree::build(rows, {}); !tree) {
      section_.add_problem("", tree.error().message);
      return;  // not the fault of what comes on top
    }
    for (const auto& table : section_.sections("metadata")) {
      imds::MetadataOverride change;
      bool absent = false;
      table.read_required("path", change.path, line_of_text);
      table.read("absent", absent,
                 [](const ConfigNode& node) -> Result<bool> { return node.boolean; });
      if (absent && (table.has("value") || table.has("value_file"))) {
        table.add_problem("absent", "cannot be combined with a value");
      } else if (!absent) {
        if (auto value = read_document(table, "value", true, context_)) change.value = value->text;
      }
      if (change.path.empty() || (!absent && !change.value)) continue;
      check_override(table, std::move(change), rows);
    }
  }

  /// Against what the instance has without it, and with those before it.
  void check_override(const ConfigSection& table, imds::MetadataOverride change,
                      std::vector<imds::MetadataRow>& rows) {
    if (const auto applied = imds::apply_override(change, rows); !applied) {
      table.add_problem("path", applied.error().message);
    } else {
      out_.description.overrides.push_back(std::move(change));
    }
  }

  [[nodiscard]] Result<std::string> zone_in_region(const ConfigNode& node) const {
    const auto& region = config_.aws.region;
    const auto& zone = node.string;
    // us-east-1a, and the local zone us-east-1-bos-1a.
    if (zone.size() > region.size() && zone.starts_with(region) && zone.back() >= 'a' &&
        zone.back() <= 'z' && (zone.size() == region.size() + 1 || zone[region.size()] == '-')) {
      return zone;
    }
    return base::fail(Errc::invalid_argument, "must be a zone of aws.region `" + region +
                                                  "`, such as `" + region + "a`" + got(zone));
  }

  const ConfigSection& section_;
  const ConfigContext& context_;
  const Config& config_;
  InstanceConfig out_;
};

}  // namespace

void read_instance(const ConfigSection& section, const ConfigContext& context, Config& out) {
  out.instances.push_back(InstanceReader(section, context, out).read());
}

}  // namespace imdsd::daemon
