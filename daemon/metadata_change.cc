// SPDX-License-Identifier: MIT
#include "daemon/metadata_change.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "daemon/config_values.h"
#include "imds/path.h"
#include "imds/region_names.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using imds::InstanceDescription;
using imds::NetworkInterface;

constexpr std::string_view kMetaData = "meta-data/";
constexpr std::string_view kTags = "tags/instance/";
constexpr std::string_view kMonitoring = "dynamic/fws/instance-monitoring";

/// What the configuration's readers take: they see a key's value.
ConfigNode string_node(std::string_view text) {
  ConfigNode node;
  node.kind = ConfigNode::Kind::string;
  node.string = text;
  return node;
}

Result<std::vector<std::string>> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t end = text.find('\n');
    IMDSD_TRY(out.emplace_back(), line_of_text(string_node(text.substr(0, end))));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

NetworkInterface& primary(InstanceDescription& d) {
  if (d.interfaces.empty()) d.interfaces.emplace_back();
  return d.interfaces.front();
}

void put_first(std::vector<std::string>& values, std::string value) {
  if (values.empty()) values.emplace_back();
  values.front() = std::move(value);
}

using Text = const std::string&;

Result<void> ami_id(InstanceDescription& d, Text text) {
  IMDSD_TRY(d.ami_id, resource_id(string_node(text), "ami-"));
  return {};
}
Result<void> kernel_id(InstanceDescription& d, Text text) {
  IMDSD_TRY(d.kernel_id, resource_id(string_node(text), "aki-"));
  return {};
}
Result<void> ramdisk_id(InstanceDescription& d, Text text) {
  IMDSD_TRY(d.ramdisk_id, resource_id(string_node(text), "ari-"));
  return {};
}
Result<void> type(InstanceDescription& d, Text text) {
  IMDSD_TRY(d.type, instance_type(string_node(text)));
  return {};
}
Result<void> zone(InstanceDescription& d, Text text) {
  const bool letter = !text.empty() && text.back() >= 'a' && text.back() <= 'z';
  if (!letter || imds::region_of_zone(text) != d.region) {
    return fail(Errc::invalid_argument, "must be a zone of aws.region `" + d.region +
                                            "`, such as `" + d.region + "a`" + got(text));
  }
  d.availability_zone = text;
  return {};
}
Result<void> product_codes(InstanceDescription& d, Text text) {
  IMDSD_TRY(d.product_codes, lines_of(text));
  return {};
}
Result<void> security_groups(InstanceDescription& d, Text text) {
  IMDSD_TRY(d.security_groups, lines_of(text));
  return {};
}
Result<void> local_ipv4(InstanceDescription& d, Text text) {
  IMDSD_TRY(auto address, ipv4_address(string_node(text)));
  primary(d).ipv6_only = false;
  put_first(primary(d).local_ipv4s, std::move(address));
  return {};
}
Result<void> public_ipv4(InstanceDescription& d, Text text) {
  IMDSD_TRY(auto address, ipv4_address(string_node(text)));
  put_first(primary(d).public_ipv4s, std::move(address));
  return {};
}
Result<void> ipv6(InstanceDescription& d, Text text) {
  IMDSD_TRY(auto address, ipv6_address(string_node(text)));
  put_first(primary(d).ipv6s, std::move(address));
  return {};
}
Result<void> mac(InstanceDescription& d, Text text) {
  IMDSD_TRY(auto address, mac_address(string_node(text)));
  primary(d).mac = std::move(address);
  return {};
}
Result<void> local_hostname(InstanceDescription& d, Text text) {
  IMDSD_TRY(auto name, host_name(string_node(text)));
  primary(d).local_hostname = std::move(name);
  return {};
}
Result<void> public_hostname(InstanceDescription& d, Text text) {
  if (primary(d).public_ipv4s.empty()) {
    return fail(Errc::invalid_argument, "needs a `public-ipv4`: set that first");
  }
  IMDSD_TRY(auto name, host_name(string_node(text)));
  primary(d).public_hostname = std::move(name);
  return {};
}
Result<void> monitoring(InstanceDescription& d, Text text) {
  constexpr Choice<std::string_view> kWords[] = {{"disabled", "disabled"}, {"enabled", "enabled"}};
  IMDSD_TRY(d.monitoring, one_of(string_node(text), kWords));
  return {};
}
Result<void> user_data(InstanceDescription& d, Text text) {
  d.user_data = text;
  return {};
}

/// Takes the value away; false where there is none.
template <auto member>
bool clear(InstanceDescription& d) {
  const bool there = !(d.*member).empty();
  (d.*member).clear();
  return there;
}
template <auto member>
bool clear_primary(InstanceDescription& d) {
  const bool there = !(primary(d).*member).empty();
  (primary(d).*member).clear();
  return there;
}
bool clear_user_data(InstanceDescription& d) {
  return std::exchange(d.user_data, std::nullopt).has_value();
}

struct Source {
  std::string_view path;
  Result<void> (*change)(InstanceDescription&, Text);
  bool (*clear)(InstanceDescription&);  // nullptr: what is derived would come in its place
};
using D = InstanceDescription;
constexpr Source kSources[] = {
    {"ami-id", ami_id, nullptr},
    {kMonitoring, monitoring, nullptr},
    {"instance-type", type, nullptr},
    {"ipv6", ipv6, clear_primary<&NetworkInterface::ipv6s>},
    {"kernel-id", kernel_id, clear<&D::kernel_id>},
    {"local-hostname", local_hostname, nullptr},
    {"local-ipv4", local_ipv4, nullptr},
    {"mac", mac, nullptr},
    {"placement/availability-zone", zone, nullptr},
    {"product-codes", product_codes, clear<&D::product_codes>},
    {"public-hostname", public_hostname, nullptr},
    {"public-ipv4", public_ipv4, clear_primary<&NetworkInterface::public_ipv4s>},
    {"ramdisk-id", ramdisk_id, clear<&D::ramdisk_id>},
    {"security-groups", security_groups, nullptr},
    {"user-data", user_data, clear_user_data},
};

Result<void> change_tag(InstanceDescription& d, std::string_view key, Text value) {
  if (!d.instance_metadata_tags) {
    return fail(Errc::invalid_argument, "needs imds.instance_metadata_tags = \"enabled\"");
  }
  IMDSD_TRY(auto name, tag_key(string_node(key), true));
  IMDSD_TRY(auto text, tag_value(string_node(value)));
  const auto same = [&name](const auto& tag) { return tag.first == name; };
  const auto found = std::find_if(d.tags.begin(), d.tags.end(), same);
  if (found == d.tags.end()) {
    d.tags.emplace_back(std::move(name), std::move(text));
  } else {
    found->second = std::move(text);
  }
  return {};
}

tl::unexpected<base::Error> refuse(std::string_view path, std::string_view why) {
  return fail(Errc::invalid_argument, "metadata `" + std::string(path) + "` " + std::string(why));
}

Result<bool> changed(std::string_view path, const Result<void>& outcome) {
  if (!outcome) return refuse(path, outcome.error().message);
  return true;
}

Result<bool> take_away(const std::string& path, InstanceDescription& d) {
  for (const Source& source : kSources) {
    if (source.path != path || source.clear == nullptr) continue;
    [[maybe_unused]] const bool was_there = source.clear(d);
    return true;
  }
  if (path == kMonitoring) return refuse(path, "is always there");
  if (!path.starts_with(kTags)) return false;
  const std::string_view key = std::string_view(path).substr(kTags.size());
  std::erase_if(d.tags, [key](const auto& tag) { return tag.first == key; });
  return true;
}

bool is_outside_meta_data(std::string_view path) {
  return path == "user-data" || path == "dynamic" || path.starts_with("dynamic/");
}

}  // namespace

Result<std::string> metadata_path(std::string_view text) {
  std::string storage;
  const std::string rooted = text.starts_with('/') ? std::string(text) : "/" + std::string(text);
  const auto canonical = imds::canonical_path(rooted, storage);
  if (!canonical) {
    return fail(Errc::invalid_argument,
                "metadata `" + std::string(text) + "`: " + canonical.error().message);
  }
  std::string path(*canonical);
  if (!base::is_valid_utf8(path)) {
    return fail(Errc::invalid_argument, "metadata `" + std::string(text) + "` must be UTF-8");
  }
  if (path.starts_with("latest/")) path.erase(0, std::string_view("latest/").size());
  if (path.starts_with(kMetaData)) path.erase(0, kMetaData.size());
  if (path == "instance-id") {
    return fail(Errc::invalid_argument,
                "metadata `instance-id` is what tokens and credentials belong to: change "
                "instance.*.id in the configuration");
  }
  if (path.starts_with("dynamic") && is_outside_meta_data(path) && path != kMonitoring) {
    return fail(Errc::invalid_argument,
                "metadata `" + path + "` follows from other values: set those");
  }
  if (path.empty() || path == "meta-data") {
    return fail(Errc::invalid_argument,
                "metadata path is missing, such as `placement/availability-zone`");
  }
  return path;
}

Result<bool> change_description(const MetadataChange& change, InstanceDescription& d) {
  const std::string& path = change.path;
  if (!change.value) return take_away(path, d);
  for (const Source& source : kSources) {
    if (source.path == path) return changed(path, source.change(d, *change.value));
  }
  if (path.starts_with(kTags)) {
    return changed(path, change_tag(d, std::string_view(path).substr(kTags.size()), *change.value));
  }
  return false;
}

}  // namespace imdsd::daemon
