// SPDX-License-Identifier: MIT
#include "console/trusted_proxy.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/codec.h"

namespace imdsd::console {
namespace {

bool has(std::span<const base::IpNetwork> networks, const base::IpAddress& address) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](const auto& network) { return network.contains(address); });
}

/// Some proxies tell the port as well: "192.0.2.1:50000", "[2001:db8::1]:50000".
std::optional<base::SocketAddress> hop(std::string_view text) {
  if (auto ip = base::IpAddress::parse(text)) return base::SocketAddress{*ip, 0};
  if (text.starts_with('[') && text.ends_with(']')) {
    const auto ip = base::IpAddress::parse(text.substr(1, text.size() - 2));
    return ip ? std::optional(base::SocketAddress{*ip, 0}) : std::nullopt;
  }
  const auto address = base::SocketAddress::parse(text);
  return address ? std::optional(*address) : std::nullopt;
}

/// The items of a list that may stand in several lines, the last one first.
std::vector<std::string_view> items_from_behind(const base::HttpRequest& request,
                                                std::string_view header) {
  std::vector<std::string_view> items;
  for (std::string_view line : request.headers.get_all(header)) {
    while (true) {
      const auto comma = line.find(',');
      items.push_back(base::trim(line.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      line.remove_prefix(comma + 1);
    }
  }
  std::reverse(items.begin(), items.end());
  return items;
}

}  // namespace

std::optional<base::HttpRequest> as_sent(const base::HttpRequest& request,
                                         std::span<const base::IpNetwork> proxies) {
  if (!request.peer.address || !has(proxies, request.peer.address->ip)) return std::nullopt;
  base::HttpRequest sent = request;
  for (const auto item : items_from_behind(request, "X-Forwarded-For")) {
    const auto address = hop(item);
    if (!address) break;
    sent.peer.address = *address;
    if (!has(proxies, address->ip)) break;
  }
  const auto schemes = items_from_behind(request, "X-Forwarded-Proto");
  if (!schemes.empty() && base::equals_ignoring_case(schemes.front(), "https")) sent.secure = true;
  return sent;
}

}  // namespace imdsd::console
