// SPDX-License-Identifier: MIT
#include "imds/instance_routes.h"

#include <functional>
#include <utility>

#include "base/codec.h"

namespace imdsd::imds {
namespace {

using Refusal = tl::unexpected<std::string_view>;

std::size_t hash_of(std::string_view name) noexcept {
  return std::hash<std::string_view>{}(name);
}

/// How often a header is there, and its first line.
struct Lines {
  std::size_t count = 0;
  std::string_view first;
};

Lines lines_of(const base::HttpHeaders& headers, std::string_view name) noexcept {
  Lines lines;
  for (const base::HttpHeader& line : headers.lines()) {
    if (line.name.size() != name.size() || !base::equals_ignoring_case(line.name, name)) continue;
    if (lines.count++ == 0) lines.first = line.value;
  }
  return lines;
}

/// 0.0.0.0 or [::], whichever would have taken a connection to `address`.
base::SocketAddress any_address_of(const base::SocketAddress& address) noexcept {
  const bool v6 = address.ip.is_v6();
  return {v6 ? base::IpAddress::from_v6({}) : base::IpAddress::from_v4({}), address.port};
}

}  // namespace

InstanceRoutes::InstanceRoutes(RouteRules rules, const std::vector<RoutedInstance>& instances,
                               const std::vector<InstanceListener>& listeners)
    : rules_(std::move(rules)), names_index_(2 * instances.size()) {
  names_.reserve(2 * instances.size());
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const RoutedInstance& instance = instances[i];
    add_name(instance.name, i);
    add_name(instance.id, i);
    if (instance.is_default) default_ = i;
    for (const auto& network : instance.peers) peers_.add(network, i);
  }
  for (const auto& network : rules_.trusted_proxies) proxies_.add(network, 0);
  for (const auto& [address, instance] : listeners) listeners_[address] = find(instance);
}

/// The first of a name keeps it.
void InstanceRoutes::add_name(const std::string& name, std::size_t place) {
  if (find(name)) return;
  names_index_.add(hash_of(name), names_.size());
  names_.push_back({name, place});
}

std::optional<std::size_t> InstanceRoutes::find(std::string_view name) const noexcept {
  const auto found = names_index_.find(
      hash_of(name), [&](std::size_t candidate) { return names_[candidate].text == name; });
  return found ? std::optional(names_[*found].place) : std::nullopt;
}

/// A listener on all addresses has the address that the connection came to in `request.local`. No
/// other listener can have that one: the kernel binds a port once.
InstanceRoutes::Listeners::const_iterator InstanceRoutes::listener_of(
    const base::HttpRequest& request) const noexcept {
  if (listeners_.empty() || !request.local) return listeners_.end();
  const auto exact = listeners_.find(*request.local);
  return exact != listeners_.end() ? exact : listeners_.find(any_address_of(*request.local));
}

/// A proxy that is not trusted, or names nobody, would have its clients taken for another instance:
/// whoever sends the header means it.
tl::expected<std::size_t, std::string_view> InstanceRoutes::named_by_proxy(
    std::string_view name, const base::HttpRequest& request) const noexcept {
  if (!request.peer.address || !proxies_.find(request.peer.address->ip)) {
    return Refusal("the instance is named by a peer that is no trusted proxy");
  }
  const auto place = find(name);
  if (!place) return Refusal("the proxy names an instance that there is not");
  return *place;
}

tl::expected<std::size_t, std::string_view> InstanceRoutes::route(
    const base::HttpRequest& request) const noexcept {
  if (const auto listener = listener_of(request); listener != listeners_.end()) {
    if (!listener->second) return Refusal("the listener's instance is there no more");
    return *listener->second;
  }
  const Lines named = lines_of(request.headers, rules_.instance_header);
  if (named.count > 1) return Refusal("the instance is named twice");
  if (named.count == 1) return named_by_proxy(named.first, request);
  if (request.peer.address) {
    if (const auto place = peers_.find(request.peer.address->ip)) return *place;
  }
  if (rules_.unknown_peer == UnknownPeer::refuse) return Refusal("unknown peer");
  return default_;
}

}  // namespace imdsd::imds
