// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock_real.h"
#include "base/environment.h"
#include "base/random.h"
#include "base/task_group.h"
#include "daemon/admin_api.h"
#include "daemon/admin_containers.h"
#include "daemon/config.h"
#include "daemon/config_node.h"
#include "daemon/config_parser.h"
#include "daemon/core.h"
#include "daemon/event_player.h"
#include "daemon/lent_listeners.h"
#include "daemon/listen_descriptors.h"
#include "daemon/monitor.h"
#include "daemon/notify.h"
#include "daemon/pod_token_files.h"
#include "daemon/signals.h"
#include "daemon/tls_identity.h"
#include "http/server.h"

namespace imdsd::daemon {

/// Has the last word on answers, where it is set. Called on event threads, by several at a time.
using AnswerFilter =
    std::function<base::HttpResponse(const base::HttpRequest&, base::HttpResponse)>;

struct AppOptions {
  std::string config_path;
  base::Environment environment;
  std::vector<std::string> sets;
  std::string program;  // argv[0]: where imdsctl is looked for in the banner
  AnswerFilter imds_filter = {};
  std::function<void()> reloaded = {};  // behind each reload that was taken up, in run()'s thread
};

/// The running daemon: the composition root. create() does everything that can fail at start, in
/// order, and leaves bound ports that nobody serves yet; run() serves until a signal says stop.
class App {
 public:
  [[nodiscard]] static tl::expected<std::unique_ptr<App>, std::vector<ConfigProblem>> create(
      AppOptions options, Config config);
  ~App();

  /// The exit code: 0 when a signal ended it. The signals were blocked before create().
  [[nodiscard]] int run(Signals& signals);
  /// The answer of the admin socket. Thread-safe.
  [[nodiscard]] base::HttpResponse ask(const base::HttpRequest& request) const {
    return admin_.handle(request);
  }

 private:
  App(AppOptions options, const Config& config, StateDir state, sts::KeyRing ring, IamState iam,
      AdminAccess access);
  [[nodiscard]] std::vector<AdminRoute> routes();
  [[nodiscard]] base::Result<void> bind(const Config& config, const std::string& admin_socket);
  [[nodiscard]] base::Result<void> bind_imds(const Config& config);
  [[nodiscard]] base::Result<void> bind_aws(const AwsConfig& config);
  [[nodiscard]] base::Result<void> bind_admin(const std::string& path);
  [[nodiscard]] base::Result<void> bind_console(const ConsoleConfig& config);
  [[nodiscard]] base::Result<void> bind_containers(const Config& config);
  [[nodiscard]] base::Result<void> check_console(const ConsoleConfig& config) const;
  [[nodiscard]] base::Result<void> check_strangers(const EcsConfig& config) const;
  [[nodiscard]] base::Result<http::Listener> offer(const std::string& service,
                                                   const std::string& instance) const;
  [[nodiscard]] base::Result<std::vector<base::SocketAddress>> bind_all(
      const std::string& key, const std::string& name,
      const std::vector<base::SocketAddress>& addresses, const http::Listener& listener);
  void start_tasks(Signals& signals);
  [[nodiscard]] bool wait_for_end(Signals& signals);
  void make_keys(const std::stop_token& stop);
  void write_usage(const std::stop_token& stop);
  void renew_certificate(const std::stop_token& stop);
  void renew_pod_tokens(const std::stop_token& stop);
  [[nodiscard]] base::Result<void> write_pod_tokens(bool all);
  [[nodiscard]] ContainerReport container_report() const;
  [[nodiscard]] base::Result<std::string> certificate_authority() const;
  void reload();
  [[nodiscard]] std::vector<ConfigProblem> take_up(Config config);
  [[nodiscard]] base::Result<void> check_remote(const AuthConfig& auth) const;
  void change_certificate(const std::vector<std::string>& allowed_hosts);
  [[nodiscard]] base::Result<StatusReport> status(const std::string& instance) const;
  [[nodiscard]] StatusReport status() const;
  [[nodiscard]] std::string status_line() const;

  const AppOptions options_;
  Config
      running_;  // as of the start: what a change of it needs a restart for. Without its iam part
  base::RealClock clock_;
  base::RealRandom random_;
  Notifier notifier_;
  AdminAccess access_;
  const std::string credentials_file_;
  Core core_;
  PodTokenFiles pod_tokens_;
  Monitor monitor_;
  base::RealClock player_clock_;
  EventPlayer player_;
  AdminApi admin_;
  std::string admin_socket_, lent_socket_;
  std::shared_ptr<const http::Service> aws_;
  std::unique_ptr<TlsIdentity> tls_;  // with aws.tls_listen
  std::string certificate_problem_;   // of the last reload
  std::vector<base::SocketAddress> imds_listen_, aws_listen_, aws_tls_listen_, admin_listen_;
  std::vector<base::SocketAddress> console_listen_, ecs_listen_, eks_listen_;
  std::vector<imds::InstanceListener> instance_listen_;
  ListenDescriptors activated_;  // those of systemd that no port has taken yet
  http::Server server_;
  std::unique_ptr<LentListeners> lent_;
  base::TaskGroup tasks_;
};

}  // namespace imdsd::daemon
