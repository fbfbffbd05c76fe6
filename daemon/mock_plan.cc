// SPDX-License-Identifier: MIT
#include "daemon/mock_plan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/codec.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;

constexpr std::string_view kMetaData = "/latest/meta-data/";

/// A value that has a key of the configuration, from which other values follow.
struct Typed {
  std::string_view value, key;
  enum class Form { text, list, integer } form = Form::text;
};
using Form = Typed::Form;

constexpr Typed kInstance[] = {
    {"instance-id", "id"},
    {"instance-type", "type"},
    {"ami-id", "ami_id"},
    {"ami-launch-index", "ami_launch_index", Form::integer},
    {"ami-manifest-path", "ami_manifest_path"},
    {"kernel-id", "kernel_id"},
    {"ramdisk-id", "ramdisk_id"},
    {"reservation-id", "reservation_id"},
    {"hostname", "hostname"},
    {"instance-life-cycle", "life_cycle"},
    {"instance-action", "action"},
    {"placement-group-name", "group_name"},
    {"placement-host-id", "host_id"},
    {"placement-partition-number", "partition_number", Form::integer},
    {"product-codes", "product_codes", Form::list},
    {"security-groups", "security_groups", Form::list},
    {"mac-security-group-ids", "security_group_ids", Form::list},
};
constexpr Typed kInterface[] = {
    {"mac", "mac"},
    {"mac-device-number", "device_number", Form::integer},
    {"mac-network-interface-id", "interface_id"},
    {"mac-ipv6-associations", "ipv6s", Form::list},
    {"mac-local-hostname", "local_hostname"},
    {"mac-public-hostname", "public_hostname"},
    {"mac-security-groups", "security_groups", Form::list},
    {"mac-subnet-id", "subnet_id"},
    {"mac-subnet-ipv4-cidr-block", "subnet_ipv4_cidr_block"},
    {"mac-subnet-ipv6-cidr-blocks", "subnet_ipv6_cidr_blocks", Form::list},
    {"mac-vpc-id", "vpc_id"},
    {"mac-vpc-ipv4-cidr-blocks", "vpc_ipv4_cidr_blocks", Form::list},
    {"mac-vpc-ipv6-cidr-blocks", "vpc_ipv6_cidr_blocks", Form::list},
};
/// Values that have no row of their own here, or one that is made of another value.
constexpr std::array<std::string_view, 9> kHandled = {"placement-availability-zone",
                                                      "placement-availability-zone-id",
                                                      "placement-region",
                                                      "mac-owner-id",
                                                      "tags-instance-name",
                                                      "tags-instance-test",
                                                      "local-ipv4",
                                                      "public-ipv4",
                                                      "mac-public-ipv4s"};

constexpr const char* kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]})";

std::string as_list(std::string_view lines) {
  std::string out = "[";
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    if (line.empty()) continue;
    out.append(out.size() > 1 ? ", " : "").append(toml_quoted(line));
  }
  return out + "]";
}

/// "us-east-1" of "us-east-1a"; for a Local Zone ("us-west-2-lax-1a") too.
std::string region_of_zone(const std::string& zone) {
  int dashes = 0;
  for (std::size_t i = 0; i < zone.size(); ++i) {
    const bool ends = dashes == 2 && (zone[i] < '0' || zone[i] > '9');
    if (ends && zone[i - 1] != '-') return zone.substr(0, i);
    if (zone[i] == '-') ++dashes;
  }
  return zone;
}

std::string listener(const MockSettings& settings) {
  std::string host = settings.text("server.hostname");
  if (host == "localhost") host = "127.0.0.1";
  if (host.find(':') != std::string::npos && !host.starts_with('[')) host = "[" + host + "]";
  return host + ":" + settings.text("server.port");
}

class Planner {
 public:
  Planner(const MockSettings& settings, std::string folder,
          const std::set<std::string>& as_they_are)
      : settings_(settings), folder_(std::move(folder)), as_they_are_(as_they_are) {}

  Result<MockPlan> make(base::SystemTime start) {
    write_daemon();
    IMDSD_TRY_VOID(write_instance());
    write_interface();
    write_tables();
    IMDSD_TRY_VOID(write_overrides());
    plan_.scenario = mock_scenario(settings_, start);
    const auto addresses = settings_.number("mock-ip-count");
    if (addresses >= 0) plan_.audience = static_cast<std::size_t>(addresses);
    plan_.warnings.insert(plan_.warnings.begin(), settings_.warnings().begin(),
                          settings_.warnings().end());
    return std::move(plan_);
  }

 private:
  [[nodiscard]] const std::string& value(std::string_view name) const {
    return settings_.text("metadata.values." + std::string(name));
  }
  [[nodiscard]] bool is_set(std::string_view name) const {
    return settings_.is_set("metadata.values." + std::string(name));
  }
  void line(std::string_view key, std::string_view written) {
    plan_.config.append(key).append(" = ").append(written).append("\n");
  }
  void text(std::string_view key, std::string_view content) { line(key, toml_quoted(content)); }
  void table(std::string_view header) { plan_.config.append("\n").append(header).append("\n"); }

  /// `place`: of the keys in the configuration.
  void write_typed(const Typed& typed, const std::string& place) {
    const std::string name(typed.value);
    if (as_they_are_.contains(name)) return;
    const std::string& content = value(name);
    if (content.empty()) return;
    plan_.made_of[place + std::string(typed.key)] = name;
    const bool bare =
        typed.form == Form::integer && content.find_first_not_of("0123456789") == std::string::npos;
    if (typed.form == Form::list) {
      line(typed.key, as_list(content));
    } else {
      line(typed.key, bare ? content : toml_quoted(content));
    }
  }

  void write_daemon() {
    text("state_dir", folder_ + "/state");
    table("[imds]");
    line("listen", as_list(listener(settings_)));
    text("http_tokens", settings_.flag("imdsv2") ? "required" : "optional");
    text("instance_metadata_tags", "enabled");
    table("[aws]");
    line("listen", R"(["127.0.0.1:0"])");
    text("account_id", account());
    text("region", region());
    table("[admin]");
    text("socket", folder_ + "/admin.sock");
  }

  [[nodiscard]] const std::string& account() const {
    const auto& named = settings_.text("dynamic.values.instance-identity-document.accountid");
    return named.empty() ? value("mac-owner-id") : named;
  }
  [[nodiscard]] std::string region() const {
    if (is_set("placement-region")) return value("placement-region");
    return region_of_zone(value("placement-availability-zone"));
  }

  Result<void> write_instance() {
    table("[[instance]]");
    for (const Typed& typed : kInstance) write_typed(typed, "instance.0.");
    const bool zone_follows = is_set("placement-region") && !is_set("placement-availability-zone");
    text("availability_zone", zone_follows ? region() + "a" : value("placement-availability-zone"));
    if (is_set("placement-availability-zone-id") ||
        (!zone_follows && !is_set("placement-availability-zone"))) {
      text("availability_zone_id", value("placement-availability-zone-id"));
    }
    text("monitoring", settings_.text("dynamic.values.fws-instance-monitoring"));
    text("profile", value("iam-security-credentials-role"));
    const auto optional = [this](std::string_view key, std::string_view setting) {
      const auto& content = settings_.text(setting);
      if (!content.empty()) text(key, content);
    };
    optional("architecture", "dynamic.values.instance-identity-document.architecture");
    optional("launch_time", "dynamic.values.instance-identity-document.pendingtime");
    text("user_data_file", folder_ + "/user-data");
    auto bytes = base::base64_decode(settings_.text("userdata.values.userdata"));
    if (!bytes) {
      return fail(Errc::invalid_argument,
                  "userdata.values.userdata: must be base64: " + bytes.error().message);
    }
    plan_.user_data = *std::move(bytes);
    return {};
  }

  void write_interface() {
    table("[[instance.network_interface]]");
    for (const Typed& typed : kInterface) write_typed(typed, "instance.0.network_interface.0.");
    const auto addresses = [this](std::string_view key, std::string_view all,
                                  std::string_view first) {
      const auto& chosen = is_set(all) ? value(all) : value(first);
      line(key, as_list(chosen));
    };
    addresses("local_ipv4s", "mac-local-ipv4s", "local-ipv4");
    addresses("public_ipv4s", "mac-public-ipv4s", "public-ipv4");
  }

  void write_tables() {
    if (!value("public-key").empty()) {
      table("[[instance.public_key]]");
      text("name", "my-public-key");
      text("openssh_key", value("public-key"));
    }
    for (const auto& [key, content] : {std::pair{"Name", value("tags-instance-name")},
                                       std::pair{"Test", value("tags-instance-test")}}) {
      table("[[instance.tags]]");
      text("key", key);
      text("value", content);
    }
    constexpr std::string_view kDevices = "block-device-mapping/";
    for (const MockValue& each : mock_values()) {
      if (!each.path.starts_with(kDevices)) continue;
      table("[[instance.block_device]]");
      text("name", each.path.substr(kDevices.size()));
      text("device", value(each.key));
    }
    table("[[iam.role]]");
    text("name", value("iam-security-credentials-role"));
    text("trust_policy", kTrust);
  }

  /// True for a value that the configuration has another way of saying.
  [[nodiscard]] bool is_said(const MockValue& each) const {
    const auto of_it = [&](const Typed& typed) { return typed.value == each.key; };
    const bool typed = std::any_of(std::begin(kInstance), std::end(kInstance), of_it) ||
                       std::any_of(std::begin(kInterface), std::end(kInterface), of_it);
    if (typed) return !as_they_are_.contains(std::string(each.key));
    return each.path.starts_with("block-device-mapping/") || each.key == "mac-local-ipv4s" ||
           std::find(kHandled.begin(), kHandled.end(), each.key) != kHandled.end();
  }

  Result<void> write_overrides() {
    for (const MockValue& each : mock_values()) {
      const std::string path_key = "metadata.paths." + std::string(each.key);
      if (settings_.is_set(path_key)) {
        const auto& path = settings_.text(path_key);
        if (!path.starts_with(kMetaData)) {
          return fail(
              Errc::invalid_argument,
              path_key + ": must begin with `" + std::string(kMetaData) + "` (got `" + path + "`)");
        }
        if (path != std::string(kMetaData) + standing(each.path)) {
          write_override(path.substr(kMetaData.size()), value(each.key));
        }
      }
      if (is_said(each)) continue;
      const bool is_own = each.key == "mac-network-interface-card-index" ||
                          each.key == "elastic-inference-accelerator";
      if (is_own || is_set(each.key) || as_they_are_.contains(std::string(each.key))) {
        write_override(standing(each.path), value(each.key));
      }
    }
    return {};
  }

  void write_override(const std::string& path, const std::string& content) {
    table("[[instance.metadata]]");
    text("path", path);
    text("value", content);
  }

  /// The path with the values that it names; names in these are none.
  [[nodiscard]] std::string standing(std::string_view path) const {
    std::string out;
    for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{')) {
      const auto close = path.find('}', open);
      out.append(path.substr(0, open)).append(value(path.substr(open + 1, close - open - 1)));
      path.remove_prefix(close + 1);
    }
    return out.append(path);
  }

  const MockSettings& settings_;
  const std::string folder_;
  const std::set<std::string>& as_they_are_;
  MockPlan plan_;
};

}  // namespace

std::string toml_quoted(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append(1, '\\').push_back(c);
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\u00").append(1, kDigits[byte >> 4]).push_back(kDigits[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

Result<MockPlan> make_mock_plan(const MockSettings& settings, const std::string& folder,
                                base::SystemTime start, const std::set<std::string>& as_they_are) {
  return Planner(settings, folder, as_they_are).make(start);
}

}  // namespace imdsd::daemon
