// SPDX-License-Identifier: MIT
// The doors for containers, as the composition root opens them.
#include <algorithm>
#include <string>

#include "base/clock_real.h"
#include "base/log.h"
#include "daemon/app.h"
#include "daemon/services.h"

namespace imdsd::daemon {

/// Behind the ports of AWS: those are in the issuer of the tokens.
base::Result<void> App::bind_containers(const Config& config) {
  http::Listener listener;
  listener.service = ecs_service(core_);
  IMDSD_TRY(ecs_listen_, bind_all("ecs.listen", "ecs", config.ecs.listen, listener));
  if (const auto checked = check_strangers(config.ecs); !checked) {
    return base::fail_in("ecs.authorization_token_file", checked.error());
  }
  listener.service = eks_service(core_);
  IMDSD_TRY(eks_listen_, bind_all("eks.listen", "eks", config.eks.listen, listener));
  return write_pod_tokens(true);
}

/// The file was checked against its own ecs.listen; what counts is what is bound.
base::Result<void> App::check_strangers(const EcsConfig& config) const {
  const auto stranger = std::find_if(ecs_listen_.begin(), ecs_listen_.end(), [](const auto& a) {
    return !a.ip.is_loopback() && !a.ip.is_link_local();
  });
  if (!config.authorization_token.empty() || stranger == ecs_listen_.end()) return {};
  return base::fail(base::Errc::invalid_argument,
                    "is required while this process listens on `" + stranger->to_string() + "`");
}

base::Result<void> App::write_pod_tokens(bool all) {
  if (eks_listen_.empty()) return {};
  const auto written = pod_tokens_.refresh(
      *core_.containers().plan(), all, clock_.now(),
      [this](const sts::ServiceAccountTerms& terms) { return core_.service_account_token(terms); });
  if (!written) return base::fail_in("eks.token_dir", written.error());
  return {};
}

/// By the wall clock, which goes on while a machine is suspended: it is looked at once a minute.
void App::renew_pod_tokens(const std::stop_token& stop) {
  constexpr std::chrono::seconds kInterval{60};
  base::RealClock clock;  // its own: a wake-up of the rotator is none of this one
  while (!stop.stop_requested()) {
    clock.sleep_until(clock.monotonic() + kInterval, stop);
    if (stop.stop_requested()) return;
    if (auto written = write_pod_tokens(false); !written) {
      base::log_error("tokens of pods not written", {{"error", written.error().message}});
    }
  }
}

ContainerReport App::container_report() const {
  ContainerReport report;
  report.ecs_endpoint = endpoint_url("http://", ecs_listen_);
  report.eks_endpoint = endpoint_url("http://", eks_listen_);
  report.plan = core_.containers().plan();
  for (const auto& association : report.plan->associations) {
    report.token_files.push_back(
        eks_listen_.empty() ? "" : pod_tokens_.path_of(*report.plan, association));
  }
  report.rotation = core_.rotation();
  report.now = clock_.now();
  return report;
}

}  // namespace imdsd::daemon
