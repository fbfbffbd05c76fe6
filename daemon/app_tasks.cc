// SPDX-License-Identifier: MIT
// App, its threads: what goes on beside the requests.
#include <chrono>
#include <utility>

#include "base/clock_real.h"
#include "base/log.h"
#include "base/startup_memory.h"
#include "daemon/app.h"

namespace imdsd::daemon {

void App::start_tasks(Signals& signals) {
  tasks_.spawn("server", [this, &signals](std::stop_token) {
    // Not the group's token: the server ends first, drained, and the others then.
    server_.run(std::stop_token());
    signals.finish();
  });
  tasks_.spawn("rotator", [this](std::stop_token stop) { core_.run_rotation(std::move(stop)); });
  tasks_.spawn("keys", [this](std::stop_token stop) { make_keys(stop); });
  tasks_.spawn("lent", [this](const std::stop_token& stop) { lent_->run(stop); });
  tasks_.spawn("audit", [this](std::stop_token stop) { core_.audit().run(std::move(stop)); });
  tasks_.spawn("events", [this](const std::stop_token& stop) { player_.run(stop); });
  tasks_.spawn("usage", [this](std::stop_token stop) { write_usage(stop); });
  if (tls_) {
    tasks_.spawn("certificate", [this](std::stop_token stop) { renew_certificate(stop); });
  }
  if (!eks_listen_.empty()) {
    tasks_.spawn("pod-tokens", [this](std::stop_token stop) { renew_pod_tokens(stop); });
  }
  if (const auto interval = notifier_.watchdog_interval()) {
    tasks_.spawn("watchdog", [this, interval = *interval](std::stop_token stop) {
      base::RealClock clock;  // its own: a wake-up of the rotator is none of this one
      while (!stop.stop_requested()) {
        if (server_.responds()) notifier_.watchdog();
        clock.sleep_until(clock.monotonic() + interval, stop);
      }
    });
  }
}

/// What requests should not wait for: the keys of identity documents at the first start, signatures
/// are unavailable until then; signing keys, then and whenever they are due; a key for session
/// tokens in place of one that has served. The last of what starting does.
void App::make_keys(const std::stop_token& stop) {
  constexpr std::chrono::seconds kInterval{3600}, kRetry{60};
  base::RealClock clock;  // its own: a wake-up of the rotator is none of this one
  for (bool starting = true; !stop.stop_requested(); starting = false) {
    const auto identity = core_.identity_certificates();
    if (!identity) {
      base::log_error("no certificates for identity documents",
                      {{"error", identity.error().message}});
    }
    if (stop.stop_requested()) return;
    const auto signing = core_.refresh_signing_keys();
    if (!signing) base::log_error("no signing keys", {{"error", signing.error().message}});
    if (const auto ring = core_.refresh_key_ring(); !ring) {
      base::log_warn("session tokens go on under an older key", {{"error", ring.error().message}});
    }
    if (starting) base::release_startup_memory();
    clock.sleep_until(clock.monotonic() + (identity && signing ? kInterval : kRetry), stop);
  }
}

/// When keys and roles were last used: behind the requests, and once more at the end.
void App::write_usage(const std::stop_token& stop) {
  constexpr std::chrono::seconds kInterval{60};
  base::RealClock clock;  // its own: a wake-up of the rotator is none of this one
  while (!stop.stop_requested()) {
    clock.sleep_until(clock.monotonic() + kInterval, stop);
    if (auto written = core_.write_usage(); !written) {
      base::log_warn("last use of keys and roles not written",
                     {{"error", written.error().message}});
    }
  }
}

void App::renew_certificate(const std::stop_token& stop) {
  constexpr std::chrono::hours kInterval{1};
  base::RealClock clock;  // its own: a wake-up of the rotator is none of this one
  while (!stop.stop_requested()) {
    clock.sleep_until(clock.monotonic() + kInterval, stop);
    if (stop.stop_requested()) return;
    if (auto renewed = tls_->renew(clock.now()); !renewed) {
      base::log_error("the certificate is not renewed", {{"error", renewed.error().message}});
    }
  }
}

}  // namespace imdsd::daemon
