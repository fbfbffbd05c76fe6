// SPDX-License-Identifier: MIT
#include "daemon/app.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <unistd.h>
#include <utility>

#include "base/log.h"
#include "base/startup_memory.h"
#include "daemon/admin_core.h"
#include "daemon/admin_events.h"
#include "daemon/admin_faults.h"
#include "daemon/banner.h"
#include "daemon/config_parser.h"
#include "daemon/paths.h"
#include "daemon/reload.h"
#include "daemon/services.h"

namespace imdsd::daemon {
namespace {

using Problems = std::vector<ConfigProblem>;

/// Kubernetes asks a probe to answer within a second by default.
constexpr std::chrono::milliseconds kHealthTimeout{800};

Problems problem(base::Error error) {
  Problems problems(1);
  problems[0].message = std::move(error.message);
  return problems;
}

/// The ports and files of `config`, compared by a reload; its secrets and policies stay with the
/// core.
Config without_iam(const Config& config) {
  Config copy;
  copy.state_dir = config.state_dir;
  copy.log = config.log;
  copy.imds = config.imds;
  copy.aws = config.aws;
  copy.admin = config.admin;
  copy.audit = config.audit;
  copy.auth = config.auth;
  copy.http = config.http;
  for (const auto& instance : config.instances) {
    if (instance.listen.empty()) continue;
    copy.instances.emplace_back();
    copy.instances.back().name = instance.name;
    copy.instances.back().listen = instance.listen;
  }
  copy.ecs.listen = config.ecs.listen;
  copy.eks.listen = config.eks.listen;
  return copy;
}

/// Where imdsctl looks for a daemon that was told nothing; empty when there is no such place.
std::string default_admin_socket(const base::Environment& environment) {
  const auto state_dir = state_dir_path("", environment);
  const auto socket = admin_socket_path("", environment, state_dir.value_or(""));
  return socket.value_or("");
}

void log_warnings(const Problems& warnings) {
  for (const auto& warning : warnings) {
    base::log_warn("configuration", {{"problem", warning.to_string()}});
  }
}

void append(std::vector<AdminRoute>& routes, std::vector<AdminRoute> more) {
  routes.insert(routes.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

void warn_about_mode(const AuthConfig& auth) {
  if (auth.mode == iam::AuthMode::enforce) return;
  base::log_warn("auth.mode does not enforce policies", {{"mode", to_string(auth.mode)}});
}

}  // namespace

App::App(AppOptions options, const Config& config, StateDir state, sts::KeyRing ring, IamState iam,
         AdminAccess access)
    : options_(std::move(options)),
      running_(without_iam(config)),
      notifier_(options_.environment),
      access_(access),
      credentials_file_(state.path_of(StateDir::kCredentials)),
      core_(clock_, random_, std::move(state), std::move(ring), std::move(iam)),
      pod_tokens_(core_.state().path_of("pod-identity")),
      monitor_({[this]() -> MetricsReport {
                  return {status(), core_.audit().calls().rows(), core_.audit().stats()};
                },
                [this] { return status(); },
                [this] { return server_.responds_within(kHealthTimeout); }}),
      player_(player_clock_, [this](const std::string& id,
                                    const LiveStep& step) { return core_.take_step(id, step); }),
      admin_(access, routes()),
      server_(config.http) {}

std::vector<AdminRoute> App::routes() {
  auto routes = core_routes(
      {[this](const std::string& instance) { return status(instance); },
       [this](const std::string& instance) { return core_.rotate(instance); },
       [this](const ExplainQuery& query) { return core_.explain(query); },
       [this] { return certificate_authority(); },
       [this](const sts::ServiceAccountTerms& terms) { return core_.service_account_token(terms); },
       [this] { return core_.identity_certificates(); }});
  append(routes, event_routes(core_, player_));
  append(routes,
         fault_routes([this](const std::string& name) { return core_.instance(name); }, clock_));
  append(routes, monitor_.routes());
  append(routes, container_routes({[this] { return container_report(); },
                                   [this](const std::string& instance, const std::string& role) {
                                     return core_.process_credentials(instance, role);
                                   },
                                   [this](const std::string& instance, const std::string& key,
                                          const base::HttpRequest& request) {
                                     const auto found = core_.instance(instance);
                                     core_.audit().record(imds::CredentialDelivery{
                                         clock_.now(), found ? (*found)->id() : instance,
                                         "credential-process", key, request});
                                   }}));
  return routes;
}

App::~App() {
  tasks_.stop();
  server_.stop();
  tasks_.join();
}

tl::expected<std::unique_ptr<App>, Problems> App::create(AppOptions options, Config config) {
  base::configure_log(config.log.level, config.log.format);
  warn_about_mode(config.auth);
  const auto state_path = state_dir_path(config.state_dir, options.environment);
  if (!state_path) return tl::unexpected(problem(state_path.error()));
  auto state = StateDir::open(*state_path);
  if (!state) return tl::unexpected(problem(std::move(state).error()));
  const auto socket = admin_socket_path(config.admin.socket, options.environment, *state_path);
  if (!socket) return tl::unexpected(problem(socket.error()));
  auto access = AdminAccess::make(config.admin.group);
  if (!access) return tl::unexpected(problem(std::move(access).error()));
  base::RealRandom random;
  auto ring = load_key_ring(*state, random, base::RealClock().now());
  if (!ring) return tl::unexpected(problem(std::move(ring).error()));
  auto iam = open_iam(*state);
  if (!iam) return tl::unexpected(problem(std::move(iam).error()));
  std::unique_ptr<App> app(new App(std::move(options), config, *std::move(state), *std::move(ring),
                                   *std::move(iam), *std::move(access)));
  // Credentials first, ports second: whoever can connect finds them there.
  const Config ports = without_iam(config);
  auto audit = AuditTarget::open(config.audit);
  if (!audit) return tl::unexpected(problem(std::move(audit).error()));
  app->core_.audit().write_to(*std::move(audit));
  app->monitor_.allow_hosts(config.admin.allowed_hosts);
  if (auto applied = app->core_.apply(std::move(config)); !applied) {
    return tl::unexpected(std::move(applied).error());
  }
  if (auto made = app->core_.ensure_administrator(); !made) {
    return tl::unexpected(problem(std::move(made).error()));
  }
  if (auto bound = app->bind(ports, *socket); !bound) {
    return tl::unexpected(problem(std::move(bound).error()));
  }
  return app;
}

int App::run(Signals& signals) {
  start_tasks(signals);
  const auto report = status();
  const auto control =
      control_command(options_.program, admin_socket_, default_admin_socket(options_.environment));
  std::fputs(banner(report, control).c_str(), stdout);
  std::fflush(stdout);
  notifier_.ready(status_line());
  base::log_info("serving", {{"version", IMDSD_VERSION},
                             {"auth_mode", to_string(report.auth_mode)},
                             {"admin_socket", admin_socket_}});
  const bool by_signal = wait_for_end(signals);
  tasks_.stop();
  clock_.wake();
  tasks_.join();
  base::log_info("stopped");
  return by_signal ? 0 : 1;
}

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

base::Result<std::string> App::certificate_authority() const {
  if (tls_) return tls_->authority();
  return base::fail(base::Errc::not_found,
                    "there is no certificate authority: aws.tls_listen names no address");
}

/// True when a signal asked for the end; false when the server gave up by itself.
bool App::wait_for_end(Signals& signals) {
  bool stopping = false;
  while (true) {
    switch (signals.wait()) {
      case Signals::Event::finished:
        return stopping;
      case Signals::Event::reload:
        if (!stopping) reload();
        break;
      case Signals::Event::terminate:
        // The second one: whoever asks twice does not want to wait for the drain.
        if (stopping) ::_exit(1);
        stopping = true;
        notifier_.stopping();
        base::log_info("stopping: requests in progress may end");
        server_.stop();
        break;
    }
  }
}

void App::reload() {
  notifier_.reloading(clock_.monotonic());
  ConfigInput input;
  input.environment = options_.environment;
  input.sets = options_.sets;
  auto loaded = load_config(options_.config_path, std::move(input));
  log_warnings(loaded ? loaded->warnings : loaded.error().warnings);
  const auto problems =
      loaded ? take_up(std::move(loaded->config)) : std::move(loaded.error().problems);
  for (const auto& each : problems) {
    base::log_error("bad configuration", {{"problem", each.to_string()}});
  }
  if (problems.empty()) {
    base::log_info("reloaded", {{"config", options_.config_path},
                                {"auth_mode", to_string(status().auth_mode)}});
    notifier_.ready(status_line());
  } else {
    base::log_error("not reloaded: the old configuration stays in force",
                    {{"config", options_.config_path}, {"problems", problems.size()}});
    notifier_.ready("not reloaded: " + problems.front().to_string());
  }
}

Problems App::take_up(Config config) {
  if (const auto checked = check_remote(config.auth); !checked) {
    return {{{options_.config_path}, "auth.mode", checked.error().message}};
  }
  if (const auto checked = check_strangers(config.ecs); !checked) {
    return {{{options_.config_path}, "ecs.authorization_token_file", checked.error().message}};
  }
  const auto log = config.log;
  const auto auth = config.auth;
  const auto restart = keys_needing_restart(running_, config);
  const auto hosts = config.aws.allowed_hosts;
  const auto monitor_hosts = config.admin.allowed_hosts;
  auto audit = AuditTarget::open(config.audit);
  if (!audit) return problem(std::move(audit).error());
  if (auto applied = core_.apply(std::move(config)); !applied) {
    return std::move(applied).error();
  }
  base::configure_log(log.level, log.format);
  core_.audit().write_to(*std::move(audit));
  monitor_.allow_hosts(monitor_hosts);
  // Only now: a configuration that is refused must not cost clients the authority they trust.
  change_certificate(hosts);
  if (auto written = write_pod_tokens(true); !written) {
    base::log_error("tokens of pods not written", {{"error", written.error().message}});
  }
  for (const auto& key : restart) {
    base::log_warn("changed, but taken up at the next start only", {{"key", key}});
  }
  warn_about_mode(auth);
  return {};
}

/// The configuration is in force by now, so that a failure is told beside it.
void App::change_certificate(const std::vector<std::string>& allowed_hosts) {
  certificate_problem_.clear();
  if (!tls_) return;
  auto names = server_names(running_.aws.tls_listen, allowed_hosts);
  const auto changed = tls_->change_names(std::move(names), clock_.now());
  if (changed) return;
  certificate_problem_ =
      "aws.allowed_hosts: the certificate is the old one, and the next reload "
      "tries again: " +
      changed.error().message;
  base::log_error("certificate not changed", {{"problem", certificate_problem_}});
}

/// INVARIANT: all instances are always found.
StatusReport App::status() const {
  return *status("");
}

base::Result<StatusReport> App::status(const std::string& instance) const {
  IMDSD_TRY(auto report, core_.status(instance));
  std::map<std::string_view, InstanceStatus*> by_name;
  for (auto& each : report.instances) by_name.emplace(each.name, &each);
  for (const auto& [address, name] : instance_listen_) {
    const auto found = by_name.find(name);
    if (found != by_name.end()) found->second->listen.push_back(address);
  }
  report.pid = static_cast<unsigned>(::getpid());
  report.lent_socket = lent_socket_;
  report.imds_listen = imds_listen_;
  report.aws_listen = aws_listen_;
  report.aws_tls_listen = aws_tls_listen_;
  report.admin_listen = admin_listen_;
  report.credentials_file = credentials_file_;
  report.ca_file = core_.state().path_of(StateDir::kAuthorityCertificate);
  report.connections = server_.stats();
  return report;
}

std::string App::status_line() const {
  const auto report = status();
  return "auth.mode " + std::string(to_string(report.auth_mode)) + ", " +
         std::to_string(report.instances.size()) + " instance(s)" +
         (certificate_problem_.empty() ? "" : "; " + certificate_problem_);
}

}  // namespace imdsd::daemon
