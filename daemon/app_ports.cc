// SPDX-License-Identifier: MIT
// App, its ports: what is bound, what systemd has opened, what is lent.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "daemon/app.h"
#include "daemon/paths.h"
#include "daemon/services.h"
#include "daemon/status_report.h"

namespace imdsd::daemon {
namespace {

std::shared_ptr<const http::Service> filtered(std::shared_ptr<const http::Service> service,
                                              const AnswerFilter& filter) {
  if (!filter) return service;
  auto out = std::make_shared<http::Service>(*service);
  out->handle = [service = std::move(service), filter](base::HttpRequest& request) {
    return filter(request, service->handle(request));
  };
  return out;
}

/// An IPv6 socket on all addresses that takes IPv4 as well, which is systemd's default (ipv6(7),
/// IPV6_V6ONLY): connections by IPv4 have an IPv4 address of this machine.
bool takes_ipv4_too(int fd) {
  int only = 1;
  socklen_t size = sizeof only;
  return ::getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, &size) == 0 && only == 0;
}

}  // namespace

base::Result<void> App::bind(const Config& config, const std::string& admin_socket) {
  IMDSD_TRY(const auto passed, ListenDescriptors::parse(options_.environment, ::getpid()));
  activated_ = ListenDescriptors(passed);
  IMDSD_TRY_VOID(make_socket_folder(admin_socket, access_.group()));
  IMDSD_TRY_VOID(bind_imds(config));
  IMDSD_TRY_VOID(bind_aws(config.aws));
  http::Listener monitor;
  monitor.service = monitor_service(monitor_);
  IMDSD_TRY(admin_listen_, bind_all("admin.listen", "monitor", config.admin.listen, monitor));
  IMDSD_TRY_VOID(bind_console(config.console));
  IMDSD_TRY_VOID(bind_containers(config));
  IMDSD_TRY_VOID(bind_admin(admin_socket));
  IMDSD_TRY_VOID(activated_.check_all_taken());
  return check_remote(config.auth);
}

/// The admin socket, and the one beside it that takes listeners.
base::Result<void> App::bind_admin(const std::string& path) {
  http::Listener listener;
  listener.service = admin_service(admin_);
  admin_socket_ = path;
  lent_socket_ = lent_listeners_path(path);
  auto passed = activated_.take("admin");
  if (passed.size() > 1) {
    return base::fail(base::Errc::invalid_argument, "systemd passed more than one socket `admin`");
  }
  if (!passed.empty()) {
    admin_socket_ = unix_path_of(passed.front().get()).value_or(path);
    listener.shared = true;
    auto adopted = server_.adopt(std::move(passed.front()), listener);
    if (!adopted) return base::fail_in("admin.socket", std::move(adopted).error());
  } else {
    listener.unix_path =
        http::UnixSocketPath{path, access_.group() ? 0660U : 0600U, access_.group()};
    auto bound = server_.bind(listener);
    if (!bound) return base::fail_in("admin.socket", std::move(bound).error());
  }
  auto lent = LentListeners::open(lent_socket_, access_, server_,
                                  [this](const std::string& service, const std::string& instance) {
                                    return offer(service, instance);
                                  });
  if (!lent) return base::fail_in("admin.socket", std::move(lent).error());
  lent_ = *std::move(lent);
  return {};
}

base::Result<void> App::bind_imds(const Config& config) {
  http::Listener listener;
  listener.service = filtered(imds_service(core_), options_.imds_filter);
  IMDSD_TRY(imds_listen_, bind_all("imds.listen", "imds", config.imds.listen, listener));
  // All of them: systemd may have a socket for one that names no address.
  const auto fleet = core_.fleet();
  for (const auto& member : fleet->members) {
    const InstanceConfig& instance = *member.config;
    IMDSD_TRY(const auto bound, bind_all("listen of instance `" + instance.name + "`",
                                         "imds-" + instance.name, instance.listen, listener));
    for (const auto& address : bound) instance_listen_.push_back({address, instance.name});
  }
  core_.set_listeners(instance_listen_);
  return {};
}

/// What a process that lends listeners may have served on them.
base::Result<http::Listener> App::offer(const std::string& service,
                                        const std::string& instance) const {
  http::Listener listener;
  if (service == "imds") {
    IMDSD_TRY(auto imds, imds_service_of(core_, instance));
    listener.service = filtered(std::move(imds), options_.imds_filter);
    return listener;
  }
  if (service == "ecs" || service == "eks") {
    // As closed as its own port: nobody renews the tokens of pods then.
    if ((service == "ecs" ? ecs_listen_ : eks_listen_).empty()) {
      return base::fail(base::Errc::not_found, "imdsd does not listen for " + service +
                                                   ": name an address in " + service + ".listen");
    }
    listener.service = service == "ecs" ? ecs_service(core_) : eks_service(core_);
    return listener;
  }
  listener.service = aws_;
  if (service == "aws") return listener;
  if (service == "aws-tls" && tls_) {
    listener.tls = tls_->cell();
    return listener;
  }
  return base::fail(base::Errc::not_found, "there is no service `" + service + "` here");
}

/// One service for all of its ports: they share its places among the connections.
base::Result<void> App::bind_aws(const AwsConfig& config) {
  aws_ = aws_service(core_);
  http::Listener listener;
  listener.service = aws_;
  IMDSD_TRY(aws_listen_, bind_all("aws.listen", "aws", config.listen, listener));
  core_.set_issuer_url(endpoint_url("http://", aws_listen_));
  if (config.tls_listen.empty()) return {};
  IMDSD_TRY(tls_,
            TlsIdentity::open(core_.state(), random_,
                              server_names(config.tls_listen, config.allowed_hosts), clock_.now()));
  listener.tls = tls_->cell();
  IMDSD_TRY(aws_tls_listen_, bind_all("aws.tls_listen", "aws-tls", config.tls_listen, listener));
  core_.set_issuer_url(endpoint_url("https://", aws_tls_listen_));
  return {};
}

/// Sockets that systemd passed under `name` take the place of `addresses`; others that it passed
/// are told by their address.
base::Result<std::vector<base::SocketAddress>> App::bind_all(
    const std::string& key, const std::string& name,
    const std::vector<base::SocketAddress>& addresses, const http::Listener& listener) {
  std::vector<base::SocketAddress> bound;
  http::Listener each = listener;
  each.shared = true;
  const auto adopt = [&](base::FileDescriptor fd) -> base::Result<void> {
    const bool ipv4_too = takes_ipv4_too(fd.get());
    auto adopted = server_.adopt(std::move(fd), each);
    if (!adopted) return base::fail_in("socket `" + name + "`", std::move(adopted).error());
    if (!adopted->address) return {};
    bound.push_back(*adopted->address);
    if (ipv4_too && adopted->address->ip.is_v6() && adopted->address->ip.is_unspecified()) {
      bound.push_back({base::IpAddress::from_v4({}), adopted->address->port});
    }
    return {};
  };
  auto passed = activated_.take(name);
  for (auto& fd : passed) IMDSD_TRY_VOID(adopt(std::move(fd)));
  if (!passed.empty()) return bound;
  for (const auto& address : addresses) {
    if (auto fd = activated_.take(address)) {
      IMDSD_TRY_VOID(adopt(*std::move(fd)));
      continue;
    }
    http::Listener own = listener;
    own.address = address;
    auto result = server_.bind(own);
    if (!result) return base::fail_in(key, std::move(result).error());
    bound.push_back(*std::move(result));
  }
  return bound;
}

/// The file was checked against its own aws.listen; what counts is what is bound.
base::Result<void> App::check_remote(const AuthConfig& auth) const {
  if (auth.mode == iam::AuthMode::enforce || auth.allow_remote) return {};
  for (const auto* listeners : {&aws_listen_, &aws_tls_listen_}) {
    for (const auto& address : *listeners) {
      if (address.ip.is_loopback()) continue;
      return base::fail(base::Errc::invalid_argument,
                        "`" + std::string(to_string(auth.mode)) +
                            "` while this process listens on `" + address.to_string() +
                            "`, beyond loopback, needs auth.allow_remote = true");
    }
  }
  return {};
}

}  // namespace imdsd::daemon
