// SPDX-License-Identifier: MIT
#include "daemon/reload.h"

#include <map>
#include <string_view>

namespace imdsd::daemon {

namespace {

/// An instance keeps the listeners that it had at the start; one that is gone leaves them behind.
void compare_listeners(const Config& running, const Config& next, std::vector<std::string>& keys) {
  std::map<std::string_view, const std::vector<base::SocketAddress>*> bound;
  for (const auto& instance : running.instances) bound.emplace(instance.name, &instance.listen);
  for (std::size_t i = 0; i < next.instances.size(); ++i) {
    const auto& instance = next.instances[i];
    const auto before = bound.find(instance.name);
    const bool same =
        before == bound.end() ? instance.listen.empty() : *before->second == instance.listen;
    if (!same) keys.push_back("instance." + std::to_string(i) + ".listen");
    if (before != bound.end()) bound.erase(before);
  }
  for (const auto& [name, listen] : bound) {
    if (!listen->empty()) keys.push_back("listen of instance `" + std::string(name) + "`");
  }
}

}  // namespace

std::vector<std::string> keys_needing_restart(const Config& running, const Config& next) {
  std::vector<std::string> keys;
  const auto compare = [&](const char* key, const auto& a, const auto& b) {
    if (!(a == b)) keys.emplace_back(key);
  };
  compare("state_dir", running.state_dir, next.state_dir);
  compare("imds.listen", running.imds.listen, next.imds.listen);
  compare("aws.listen", running.aws.listen, next.aws.listen);
  compare("aws.tls_listen", running.aws.tls_listen, next.aws.tls_listen);
  compare("ecs.listen", running.ecs.listen, next.ecs.listen);
  compare("eks.listen", running.eks.listen, next.eks.listen);
  compare("admin.socket", running.admin.socket, next.admin.socket);
  compare("admin.group", running.admin.group, next.admin.group);
  compare("admin.listen", running.admin.listen, next.admin.listen);
  compare("console.listen", running.console.listen, next.console.listen);
  const auto& a = running.http;
  const auto& b = next.http;
  compare("http.max_connections", a.limits.max_connections, b.limits.max_connections);
  compare("http.max_buffered_bytes", a.limits.max_buffered_body_bytes,
          b.limits.max_buffered_body_bytes);
  compare("http.event_threads", a.event_threads, b.event_threads);
  compare("http.worker_threads", a.worker_threads, b.worker_threads);
  compare("http.head_timeout", a.limits.head_timeout, b.limits.head_timeout);
  compare("http.body_timeout", a.limits.body_timeout, b.limits.body_timeout);
  compare("http.idle_timeout", a.limits.idle_timeout, b.limits.idle_timeout);
  compare("http.send_timeout", a.limits.send_timeout, b.limits.send_timeout);
  compare("http.drain_timeout", a.limits.drain_timeout, b.limits.drain_timeout);
  compare_listeners(running, next, keys);
  return keys;
}

}  // namespace imdsd::daemon
