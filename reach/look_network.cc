// SPDX-License-Identifier: MIT
#include "reach/look_network.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>

#include "base/file_descriptor.h"
#include "reach/route_answer.h"

namespace imdsd::reach {
namespace {

constexpr int kPatience = 2000;  // milliseconds; the kernel answers at once

/// The bytes of a sockaddr's address, for an address or a mask.
template <std::size_t N>
std::array<std::uint8_t, N> bytes_of(const void* from) {
  std::array<std::uint8_t, N> out;
  std::memcpy(out.data(), from, N);
  return out;
}

template <std::size_t N>
unsigned ones(const std::array<std::uint8_t, N>& mask) {
  int count = 0;
  for (const auto byte : mask) count += std::popcount(byte);
  return static_cast<unsigned>(count);
}

std::optional<InterfaceAddress> address_of(const ifaddrs& entry) {
  if (!entry.ifa_addr || !entry.ifa_netmask) return std::nullopt;
  if (entry.ifa_addr->sa_family == AF_INET) {
    const auto* ip = reinterpret_cast<const sockaddr_in*>(entry.ifa_addr);
    const auto* mask = reinterpret_cast<const sockaddr_in*>(entry.ifa_netmask);
    return InterfaceAddress{base::IpAddress::from_v4(bytes_of<4>(&ip->sin_addr)),
                            ones(bytes_of<4>(&mask->sin_addr))};
  }
  if (entry.ifa_addr->sa_family == AF_INET6) {
    const auto* ip = reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr);
    const auto* mask = reinterpret_cast<const sockaddr_in6*>(entry.ifa_netmask);
    return InterfaceAddress{base::IpAddress::from_v6(bytes_of<16>(&ip->sin6_addr)),
                            ones(bytes_of<16>(&mask->sin6_addr))};
  }
  return std::nullopt;
}

std::string name_of(unsigned index) {
  std::array<char, IF_NAMESIZE> name{};
  return ::if_indextoname(index, name.data()) ? name.data() : "";
}

Route ask(int socket, const base::IpAddress& to) {
  const auto question = route_question(to);
  std::array<char, 8192> answer;
  pollfd ready{socket, POLLIN, 0};
  if (::send(socket, question.data(), question.size(), 0) !=
          static_cast<ssize_t>(question.size()) ||
      ::poll(&ready, 1, kPatience) != 1) {
    return parse_route_answer({}, to, name_of);
  }
  const auto got = ::recv(socket, answer.data(), answer.size(), 0);
  return parse_route_answer({answer.data(), got > 0 ? static_cast<std::size_t>(got) : 0}, to,
                            name_of);
}

}  // namespace

std::vector<Interface> look_at_interfaces() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owned(list, ::freeifaddrs);
  std::vector<Interface> out;
  for (const auto* entry = list; entry; entry = entry->ifa_next) {
    const std::string name = entry->ifa_name;
    auto found =
        std::find_if(out.begin(), out.end(), [&](const auto& each) { return each.name == name; });
    if (found == out.end()) {
      out.push_back({.name = name,
                     .loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0,
                     .up = (entry->ifa_flags & IFF_UP) != 0});
      found = out.end() - 1;
    }
    if (const auto address = address_of(*entry)) found->addresses.push_back(*address);
  }
  return out;
}

std::vector<Route> look_at_routes(const std::vector<base::IpAddress>& addresses) {
  const base::FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  std::vector<Route> out;
  for (const auto& each : addresses) out.push_back(ask(socket.get(), each));
  return out;
}

}  // namespace imdsd::reach
