// SPDX-License-Identifier: MIT
#include "cli/up_options.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "reach/record.h"

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;

using Listeners = std::vector<base::SocketAddress>;

/// `part`.listen; none where there is no such part.
Result<Listeners> listeners(const nlohmann::json& status, const char* part) {
  Listeners out;
  if (!status.contains(part) || !status[part].is_object()) return out;
  const auto& object = status[part];
  if (!object.contains("listen") || !object["listen"].is_array()) return out;
  for (const auto& each : object["listen"]) {
    if (!each.is_string()) return fail(Errc::corrupt, "imdsd's answer cannot be read");
    IMDSD_TRY(auto address, base::SocketAddress::parse(each.get<std::string>()));
    out.push_back(address);
  }
  return out;
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

Result<reach::Doors> parse_doors(std::string_view status) {
  const auto json = nlohmann::json::parse(status, nullptr, false);
  if (!json.is_object()) return fail(Errc::corrupt, "imdsd's answer cannot be read");
  reach::Doors out;
  IMDSD_TRY(out.imds, listeners(json, "imds"));
  IMDSD_TRY(out.ecs, listeners(json, "ecs"));
  IMDSD_TRY(out.eks, listeners(json, "eks"));
  return out;
}

reach::Doors default_doors() {
  return {{{base::IpAddress::from_v4({127, 0, 0, 1}), 1338}}, {}, {}};
}

}  // namespace imdsd::cli
