// SPDX-License-Identifier: MIT
#include "daemon/config_console.h"

#include <algorithm>

#include "daemon/config_values.h"

namespace imdsd::daemon {

void read_console(const ConfigSection& section, ConsoleConfig& out) {
  section.read("listen", out.listen, any_listen_addresses);
  section.read("allow_remote", out.allow_remote,
               [](const ConfigNode& node) -> base::Result<bool> { return node.boolean; });
  section.read("allowed_hosts", out.allowed_hosts, host_names);
  section.read("trusted_proxies", out.trusted_proxies, ip_networks);
  const auto remote = std::find_if(out.listen.begin(), out.listen.end(),
                                   [](const auto& address) { return !address.ip.is_loopback(); });
  if (remote == out.listen.end() || out.allow_remote) return;
  section.add_problem("listen", "`" + remote->to_string() +
                                    "` is beyond loopback, where passwords would be typed in "
                                    "clear: that needs console.allow_remote = true");
}

}  // namespace imdsd::daemon
