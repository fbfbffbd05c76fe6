// SPDX-License-Identifier: MIT
#include "daemon/peer_process.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "base/file_descriptor.h"
#include "http/sockaddr.h"

namespace imdsd::daemon {
namespace {

namespace fs = std::filesystem;

struct Socket {
  unsigned inode = 0, uid = 0;
};

struct DiagRequest {
  nlmsghdr header{};
  inet_diag_req_v2 body{};
};

/// Address and port in network order, as sock_diag(7) wants them; the family.
int put(const base::SocketAddress& address, std::uint32_t (&ip)[4], std::uint16_t& port) {
  const auto kernel = http::to_kernel(address);
  if (kernel.family() == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &kernel.storage, sizeof v6);
    std::memcpy(ip, &v6.sin6_addr, sizeof v6.sin6_addr);
    port = v6.sin6_port;
  } else {
    sockaddr_in v4{};
    std::memcpy(&v4, &kernel.storage, sizeof v4);
    std::memcpy(ip, &v4.sin_addr, sizeof v4.sin_addr);
    port = v4.sin_port;
  }
  return kernel.family();
}

DiagRequest request_for(const base::SocketAddress& peer, const base::SocketAddress& local) {
  DiagRequest request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST;  // no dump: the one socket
  auto& id = request.body.id;
  request.body.sdiag_family = static_cast<std::uint8_t>(put(peer, id.idiag_src, id.idiag_sport));
  put(local, id.idiag_dst, id.idiag_dport);
  request.body.sdiag_protocol = IPPROTO_TCP;
  request.body.idiag_states = ~0U;
  id.idiag_cookie[0] = id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return request;
}

std::optional<Socket> find_socket(const base::SocketAddress& peer,
                                  const base::SocketAddress& local) {
  const base::FileDescriptor netlink(
      ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!netlink) return std::nullopt;
  const DiagRequest request = request_for(peer, local);
  if (::send(netlink.get(), &request, sizeof request, 0) < 0) return std::nullopt;
  alignas(nlmsghdr) std::array<char, 4096> buffer;
  const auto received = ::recv(netlink.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  nlmsghdr header{};
  inet_diag_msg answer{};
  if (received < static_cast<ssize_t>(NLMSG_SPACE(0) + sizeof answer)) return std::nullopt;
  std::memcpy(&header, buffer.data(), sizeof header);
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) return std::nullopt;  // an error: no such socket
  std::memcpy(&answer, buffer.data() + NLMSG_SPACE(0), sizeof answer);
  if (answer.idiag_inode == 0) return std::nullopt;  // closed, and not forgotten yet
  return Socket{answer.idiag_inode, answer.idiag_uid};
}

/// The newest first: who asks for credentials has often just been started.
std::vector<unsigned> processes() {
  std::vector<unsigned> pids;
  std::error_code error;
  for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    unsigned pid = 0;
    const auto [stop, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (failed == std::errc() && stop == name.data() + name.size()) pids.push_back(pid);
  }
  std::sort(pids.begin(), pids.end(), std::greater<>());
  return pids;
}

bool holds(unsigned pid, const std::string& target) {
  std::error_code error;
  const fs::path folder = "/proc/" + std::to_string(pid) + "/fd";
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::array<char, 64> link;
    const auto size = ::readlink(at->path().c_str(), link.data(), link.size());
    if (size > 0 && std::string_view(link.data(), static_cast<std::size_t>(size)) == target) {
      return true;
    }
  }
  return false;
}

/// 0 when it has ended. The fourth field of /proc/PID/stat; the second, a name in parentheses, may
/// hold anything.
unsigned parent_of(unsigned pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  unsigned parent = 0;
  if (name_end != std::string::npos && line.size() > name_end + 4) {
    std::from_chars(line.data() + name_end + 4, line.data() + line.size(), parent);
  }
  return parent;
}

}  // namespace

std::string process_name(unsigned pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

std::optional<PeerProcess> find_peer_process(const base::SocketAddress& peer,
                                             const base::SocketAddress& local) {
  const auto socket = find_socket(peer, local);
  if (!socket) return std::nullopt;
  const std::string target = "socket:[" + std::to_string(socket->inode) + "]";
  const auto pids = processes();
  const auto found =
      std::find_if(pids.begin(), pids.end(), [&](unsigned pid) { return holds(pid, target); });
  if (found == pids.end()) return std::nullopt;
  unsigned pid = *found;
  // A child has its parent's sockets until it executes a program; the parent opened this one.
  for (unsigned parent = parent_of(pid); parent != 0 && holds(parent, target);
       parent = parent_of(pid)) {
    pid = parent;
  }
  return PeerProcess{pid, socket->uid, process_name(pid)};
}

}  // namespace imdsd::daemon
