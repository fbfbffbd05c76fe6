// SPDX-License-Identifier: MIT
#include "cli/network_namespace.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/sockaddr.h"

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::FileDescriptor;
using base::Result;
using http::error_text;

/// in6_ifreq of <linux/ipv6.h>, which does not go together with <netinet/in.h>.
struct Ipv6Request {
  in6_addr address;
  std::uint32_t prefix_length;
  int interface_index;
};

/// A map is taken in one write, or not at all (user_namespaces(7)).
bool write_map(const char* path, const std::string& text) {
  const FileDescriptor fd(::open(path, O_WRONLY | O_CLOEXEC));
  return fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::string identity_map(unsigned id) {
  return std::to_string(id) + " " + std::to_string(id) + " 1\n";
}

auto not_allowed(int error) {
  return fail(Errc::access_denied,
              "a network namespace cannot be made here (" + error_text(error) +
                  "): run as root, or allow user namespaces: sysctl user.max_user_namespaces, "
                  "kernel.unprivileged_userns_clone=1 (Debian), "
                  "kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), and in a container its "
                  "seccomp profile");
}

/// Plain, as root; else in a user namespace, in which this process has what the rest takes.
Result<bool> unshare_network() {
  if (::unshare(CLONE_NEWNET) == 0) return false;
  if (errno != EPERM) return not_allowed(errno);
  const unsigned user = ::geteuid(), group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return not_allowed(errno);
  if (!write_map("/proc/self/setgroups", "deny") ||
      !write_map("/proc/self/uid_map", identity_map(user)) ||
      !write_map("/proc/self/gid_map", identity_map(group))) {
    return not_allowed(errno);
  }
  return true;
}

ifreq request_for(const char* interface) {
  ifreq request{};
  std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  return request;
}

bool loopback_up(int control) {
  ifreq request = request_for("lo");
  if (::ioctl(control, SIOCGIFFLAGS, &request) != 0) return false;
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  return ::ioctl(control, SIOCSIFFLAGS, &request) == 0;
}

/// As an alias of its own, `lo:N`, so that 127.0.0.1 stays; for the kernel it is an address of lo.
bool add_v4(int control, const base::IpAddress& address, std::size_t number) {
  ifreq request = request_for(("lo:" + std::to_string(number)).c_str());
  sockaddr_in wanted{};
  wanted.sin_family = AF_INET;
  ::inet_pton(AF_INET, address.to_string().c_str(), &wanted.sin_addr);
  std::memcpy(&request.ifr_addr, &wanted, sizeof wanted);
  if (::ioctl(control, SIOCSIFADDR, &request) != 0) return false;
  wanted.sin_addr.s_addr = INADDR_BROADCAST;  // a host's mask: the address alone
  std::memcpy(&request.ifr_netmask, &wanted, sizeof wanted);
  return ::ioctl(control, SIOCSIFNETMASK, &request) == 0;
}

/// The kernel takes an IPv6 address into use behind the call: it can be bound and routed to a
/// moment later.
bool wait_for_v6(const base::IpAddress& address) {
  constexpr int kMilliseconds = 2'000;
  auto own = http::to_kernel(base::SocketAddress{address, 0});
  auto peer = http::to_kernel(base::SocketAddress{address, 80});
  for (int i = 0; i < kMilliseconds; ++i) {
    const FileDescriptor probe(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (probe && ::bind(probe.get(), own.get(), own.size) == 0 &&
        ::connect(probe.get(), peer.get(), peer.size) == 0) {
      return true;
    }
    ::poll(nullptr, 0, 1);
  }
  return false;
}

bool add_v6(const base::IpAddress& address) {
  const FileDescriptor control(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  Ipv6Request request{};
  ::inet_pton(AF_INET6, address.to_string().c_str(), &request.address);
  request.prefix_length = 128;
  request.interface_index = static_cast<int>(::if_nametoindex("lo"));
  return control && ::ioctl(control.get(), SIOCSIFADDR, &request) == 0 && wait_for_v6(address);
}

}  // namespace

Result<NetworkNamespace> enter_network_namespace(const std::vector<base::IpAddress>& addresses) {
  NetworkNamespace out;
  IMDSD_TRY(out.user_namespace, unshare_network());
  const FileDescriptor control(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!control || !loopback_up(control.get())) return not_allowed(errno);
  std::size_t number = 0;
  for (const auto& address : addresses) {
    if (address.is_loopback()) continue;
    const bool added = address.is_v6() ? add_v6(address) : add_v4(control.get(), address, ++number);
    if (added) continue;
    if (!address.is_v6()) {
      return fail(Errc::unavailable,
                  "cannot give loopback " + address.to_string() + ": " + error_text(errno));
    }
    out.missing.push_back(address.to_string());
  }
  return out;
}

Result<FileDescriptor> open_listener(const base::SocketAddress& address) {
  auto kernel = http::to_kernel(address);
  FileDescriptor fd(::socket(kernel.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (kernel.family() == AF_INET6) {
    ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  if (!fd || ::bind(fd.get(), kernel.get(), kernel.size) != 0 ||
      ::listen(fd.get(), SOMAXCONN) != 0) {
    return fail(Errc::unavailable,
                "cannot listen on " + address.to_string() + ": " + error_text(errno));
  }
  return fd;
}

}  // namespace imdsd::cli
