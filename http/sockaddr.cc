// SPDX-License-Identifier: MIT
#include "http/sockaddr.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <system_error>

namespace imdsd::http {

KernelAddress to_kernel(const base::SocketAddress& address) {
  KernelAddress out;
  const std::string ip = address.ip.to_string();
  if (address.ip.is_v6()) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    ::inet_pton(AF_INET6, ip.c_str(), &v6.sin6_addr);
    std::memcpy(&out.storage, &v6, sizeof v6);
    out.size = sizeof v6;
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    ::inet_pton(AF_INET, ip.c_str(), &v4.sin_addr);
    std::memcpy(&out.storage, &v4, sizeof v4);
    out.size = sizeof v4;
  }
  return out;
}

base::Result<KernelAddress> to_kernel(const std::string& unix_path) {
  sockaddr_un un{};
  un.sun_family = AF_UNIX;
  if (unix_path.empty() || unix_path.size() >= sizeof un.sun_path ||
      unix_path.find('\0') != std::string::npos) {
    return base::fail(base::Errc::invalid_argument,
                      "socket path `" + unix_path + "`: must have 1 to " +
                          std::to_string(sizeof un.sun_path - 1) + " bytes");
  }
  std::copy(unix_path.begin(), unix_path.end(), std::begin(un.sun_path));
  KernelAddress out;
  std::memcpy(&out.storage, &un, sizeof un);
  out.size = sizeof un;
  return out;
}

std::optional<base::SocketAddress> from_kernel(const KernelAddress& address) {
  if (address.family() == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address.storage, sizeof v4);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return base::SocketAddress{base::IpAddress::from_v4(bytes), ntohs(v4.sin_port)};
  }
  if (address.family() == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address.storage, sizeof v6);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return base::SocketAddress{base::IpAddress::from_v6(bytes), ntohs(v6.sin6_port)};
  }
  return std::nullopt;
}

std::string error_text(int error) {
  return std::generic_category().message(error);
}

}  // namespace imdsd::http
