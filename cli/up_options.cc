// SPDX-License-Identifier: MIT
#include "cli/up_options.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/url.h"
#include "reach/record.h"

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;

using Listeners = std::vector<base::SocketAddress>;

const auto kUnreadable = fail(Errc::corrupt, "imdsd's answer cannot be read");

/// The member `listen`; none where there is no such thing.
Result<Listeners> listeners(const nlohmann::json& object) {
  Listeners out;
  if (!object.is_object() || !object.contains("listen") || !object["listen"].is_array()) return out;
  for (const auto& each : object["listen"]) {
    if (!each.is_string()) return kUnreadable;
    IMDSD_TRY(auto address, base::SocketAddress::parse(each.get<std::string>()));
    out.push_back(address);
  }
  return out;
}

bool has(const nlohmann::json& object, const char* name, const nlohmann::json& value) {
  return object.is_object() && object.contains(name) && object[name] == value;
}

/// The address in `part`.endpoint, a URL; null where there is no such door.
Result<Listeners> endpoint(const nlohmann::json& json, const char* part) {
  const auto& object = json.contains(part) ? json[part] : nlohmann::json();
  if (!object.is_object() || !object.contains("endpoint")) return kUnreadable;
  if (object["endpoint"].is_null()) return Listeners();
  if (!object["endpoint"].is_string()) return kUnreadable;
  IMDSD_TRY(const auto url, base::Url::parse(object["endpoint"].get<std::string>()));
  const auto ip = url.literal();
  if (!ip) return kUnreadable;
  return Listeners{{*ip, url.port}};
}

}  // namespace

std::string_view UpOptions::first_given(std::string_view allowed) const {
  const std::pair<std::string_view, bool> flags[] = {
      {"--ipv6", ipv6},
      {"--ecs", ecs},
      {"--eks", eks},
      {"--dry-run", dry_run},
      {"--force", force},
      {"--interface", !interface.empty()},
      {"--port80", !port80.empty()},
      {"--bridge", !bridge.empty()},
      {"--to", !to.empty()},
  };
  for (const auto& [name, given] : flags) {
    if (given && name != allowed) return name;
  }
  return {};
}

Result<reach::Wish> UpOptions::wish() const {
  reach::Wish out{.ipv6 = ipv6, .ecs = ecs, .eks = eks, .bridge = bridge, .force = force};
  out.dummy = interface == "dummy";
  if (!interface.empty() && interface != "lo" && interface != "dummy") {
    return fail(Errc::invalid_argument, "`--interface` is `lo` or `dummy`");
  }
  if (port80 == "redirect") out.port80 = reach::Wish::Port80::redirect;
  if (port80 == "direct") out.port80 = reach::Wish::Port80::direct;
  if (!port80.empty() && out.port80 == reach::Wish::Port80::automatic) {
    return fail(Errc::invalid_argument, "`--port80` is `redirect` or `direct`");
  }
  if (!bridge.empty() && !reach::is_interface_name(bridge)) {
    return fail(Errc::invalid_argument, "`--bridge`: `" + bridge + "` is no name of an interface");
  }
  if (!to.empty()) {
    const auto address = base::SocketAddress::parse(to);
    if (!address) return base::fail_in("--to", address.error());
    if (address->port == 0) return fail(Errc::invalid_argument, "--to: the port is missing");
  }
  return out;
}

Result<reach::Doors> parse_doors(std::string_view status, const std::string& instance) {
  const auto json = nlohmann::json::parse(status, nullptr, false);
  if (!json.is_object()) return kUnreadable;
  reach::Doors out;
  if (instance.empty()) {
    IMDSD_TRY(out.imds, listeners(json.value("imds", nlohmann::json())));
    return out;
  }
  const auto instances = json.value("instances", nlohmann::json::array());
  if (!instances.is_array() || instances.size() != 1) return kUnreadable;
  IMDSD_TRY(out.imds, listeners(instances[0]));
  if (out.imds.empty() && has(instances[0], "default", true)) {
    const auto imds = json.value("imds", nlohmann::json());
    if (has(imds, "unknown_peer", "default")) {
      IMDSD_TRY(out.imds, listeners(imds));
    }
  }
  if (out.imds.empty()) {
    return fail(Errc::not_found, "instance `" + instance +
                                     "` has no address of its own that port 80 could lead to: give "
                                     "it `listen`");
  }
  return out;
}

Result<void> add_container_doors(std::string_view body, reach::Doors& doors) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return kUnreadable;
  IMDSD_TRY(doors.ecs, endpoint(json, "ecs"));
  IMDSD_TRY(doors.eks, endpoint(json, "eks"));
  return {};
}

reach::Doors default_doors() {
  return {{{base::IpAddress::from_v4({127, 0, 0, 1}), 1338}}, {}, {}};
}

}  // namespace imdsd::cli
