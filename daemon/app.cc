// SPDX-License-Identifier: MIT
#include "daemon/app.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <utility>

#include "base/log.h"
#include "daemon/banner.h"
#include "daemon/config_parser.h"
#include "daemon/paths.h"
#include "daemon/reload.h"

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
  copy.console = config.console;
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
  if (auto opened = app->core_.open_s3(); !opened) {
    return tl::unexpected(problem(std::move(opened).error()));
  }
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
    if (options_.reloaded) options_.reloaded();
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
  if (const auto checked = check_console(config.console); !checked) {
    return {{{options_.config_path}, "console.listen", checked.error().message}};
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

}  // namespace imdsd::daemon
