// SPDX-License-Identifier: MIT
// The console, as the composition root opens it: a port for browsers, and routes of the admin
// socket for imdsctl.
#include "daemon/app.h"
#include "daemon/services.h"

namespace imdsd::daemon {

base::Result<void> App::bind_console(const ConsoleConfig& config) {
  http::Listener listener;
  listener.service = console_service(core_);
  IMDSD_TRY(console_listen_, bind_all("console.listen", "console", config.listen, listener));
  if (!console_listen_.empty()) core_.requests().start();
  if (const auto checked = check_console(config); !checked) {
    return base::fail_in("console.listen", checked.error());
  }
  return {};
}

/// The file was checked against its own console.listen; what counts is what is bound.
base::Result<void> App::check_console(const ConsoleConfig& config) const {
  if (config.allow_remote) return {};
  for (const auto& address : console_listen_) {
    if (address.ip.is_loopback()) continue;
    return base::fail(base::Errc::invalid_argument,
                      "this process listens on `" + address.to_string() +
                          "`, beyond loopback: that needs console.allow_remote = true");
  }
  return {};
}

}  // namespace imdsd::daemon
