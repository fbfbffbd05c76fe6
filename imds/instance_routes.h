// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tl/expected.hpp>

#include "base/hash_index.h"
#include "base/http_message.h"
#include "base/ip_network.h"
#include "imds/peer_table.h"

namespace imdsd::imds {

/// What requests are for that nothing tells apart.
enum class UnknownPeer { default_instance, refuse };

/// What holds for all instances together.
struct RouteRules {
  std::vector<base::IpNetwork> trusted_proxies;  // whose word on the instance is taken
  std::string instance_header = "X-Imdsd-Instance";
  UnknownPeer unknown_peer = UnknownPeer::default_instance;
};

/// One instance as far as requests find it.
struct RoutedInstance {
  std::string name, id;  // no other's name or id
  std::vector<base::IpNetwork> peers;
  bool is_default = false;
};

/// A bound address that belongs to the instance of this name alone.
struct InstanceListener {
  base::SocketAddress address;
  std::string instance;
};

/// Which instance a request is for. In this order:
///  1. the listener, where it is one instance's own;
///  2. the header of a trusted proxy, with a name or an id;
///  3. the peer's address, by the longest prefix;
///  4. the default instance, unless unknown peers are refused.
/// What is contradictory is refused rather than guessed, so that nobody is given the credentials of
/// an instance that was not meant. Immutable, thread-safe; route() waits for nothing and allocates
/// nothing.
class InstanceRoutes {
 public:
  /// `instances` has one at least; places are indexes of it. Without one that `is_default`, that is
  /// the first.
  InstanceRoutes(RouteRules rules, const std::vector<RoutedInstance>& instances,
                 const std::vector<InstanceListener>& listeners);

  /// The instance's place; else the reason for a refusal, for the log.
  [[nodiscard]] tl::expected<std::size_t, std::string_view> route(
      const base::HttpRequest& request) const noexcept;

  /// By name or id.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept;
  [[nodiscard]] std::size_t default_instance() const noexcept { return default_; }

 private:
  struct Name {
    std::string text;
    std::size_t place;
  };
  struct AddressHash {
    std::size_t operator()(const base::SocketAddress& address) const noexcept {
      return base::IpAddressHash{}(address.ip) ^ address.port;
    }
  };
  /// None: its instance is there no more.
  using Listeners =
      std::unordered_map<base::SocketAddress, std::optional<std::size_t>, AddressHash>;

  void add_name(const std::string& name, std::size_t place);
  [[nodiscard]] Listeners::const_iterator listener_of(
      const base::HttpRequest& request) const noexcept;
  [[nodiscard]] tl::expected<std::size_t, std::string_view> named_by_proxy(
      std::string_view name, const base::HttpRequest& request) const noexcept;

  RouteRules rules_;
  std::size_t default_ = 0;
  std::vector<Name> names_;
  base::HashIndex names_index_;
  Listeners listeners_;
  PeerTable proxies_, peers_;
};

}  // namespace imdsd::imds
