// SPDX-License-Identifier: MIT
// App, as the admin socket asks for it: routes, status.
#include <iterator>
#include <map>
#include <unistd.h>
#include <utility>

#include "daemon/admin_core.h"
#include "daemon/admin_events.h"
#include "daemon/admin_faults.h"
#include "daemon/app.h"
#include "daemon/console_routes.h"
#include "daemon/services.h"

namespace imdsd::daemon {
namespace {

void append(std::vector<AdminRoute>& routes, std::vector<AdminRoute> more) {
  routes.insert(routes.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<AdminRoute> App::routes() {
  auto routes = core_routes(
      {[this](const std::string& instance) { return status(instance); },
       [this](const std::string& instance) { return core_.rotate(instance); },
       [this](const ExplainQuery& query) { return core_.explain(query); },
       [this] { return certificate_authority(); },
       [this](const sts::ServiceAccountTerms& terms) { return core_.service_account_token(terms); },
       [this] { return core_.identity_certificates(); }});
  append(routes,
         policy_routes([this](const PolicyQuery& query) { return core_.generate_policy(query); }));
  append(routes, event_routes(core_, player_));
  append(routes,
         fault_routes([this](const std::string& name) { return core_.instance(name); }, clock_));
  append(routes, monitor_.routes());
  append(routes, console_routes(core_.console()));
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

base::Result<std::string> App::certificate_authority() const {
  if (tls_) return tls_->authority();
  return base::fail(base::Errc::not_found,
                    "there is no certificate authority: aws.tls_listen names no address");
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
  report.console_listen = console_listen_;
  report.ecs_listen = ecs_listen_;
  report.eks_listen = eks_listen_;
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
