// SPDX-License-Identifier: MIT
#include "daemon/listen_descriptors.h"

#include <algorithm>
#include <charconv>
#include <sys/socket.h>
#include <sys/un.h>
#include <utility>

#include "http/sockaddr.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;

constexpr int kFirst = 3;  // SD_LISTEN_FDS_START
constexpr int kMost = 1024;

std::optional<int> number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<base::SocketAddress> address_of(int fd) {
  http::KernelAddress bound;
  if (::getsockname(fd, bound.get(), &bound.size) != 0) return std::nullopt;
  return http::from_kernel(bound);
}

}  // namespace

Result<std::vector<ListenDescriptors::Entry>> ListenDescriptors::parse(
    const base::Environment& environment, int pid) {
  const auto count_text = base::find_variable(environment, "LISTEN_FDS");
  const auto pid_text = base::find_variable(environment, "LISTEN_PID");
  if (!count_text || !pid_text) return std::vector<Entry>();
  const auto count = number(*count_text);
  const auto for_pid = number(*pid_text);
  if (!for_pid || !count || *count > kMost) {
    return fail(Errc::invalid_argument, "LISTEN_PID=" + *pid_text + " and LISTEN_FDS=" +
                                            *count_text + " are not what systemd sets");
  }
  std::vector<Entry> entries;
  if (*for_pid != pid) return entries;
  std::string names = base::find_variable(environment, "LISTEN_FDNAMES").value_or("");
  for (int i = 0; i < *count; ++i) {
    const auto colon = std::min(names.find(':'), names.size());
    const std::string name = names.substr(0, colon);
    names.erase(0, std::min(colon + 1, names.size()));
    entries.push_back({kFirst + i, name.empty() ? "unknown" : name});
  }
  return entries;
}

ListenDescriptors::ListenDescriptors(const std::vector<Entry>& entries) {
  for (const auto& entry : entries) {
    sockets_.push_back({base::FileDescriptor(entry.fd), entry.name});
  }
}

std::vector<base::FileDescriptor> ListenDescriptors::take(const std::string& name) {
  std::vector<base::FileDescriptor> taken;
  for (auto& socket : sockets_) {
    if (socket.name == name) taken.push_back(std::move(socket.fd));
  }
  std::erase_if(sockets_, [](const Socket& socket) { return !socket.fd; });
  return taken;
}

std::optional<base::FileDescriptor> ListenDescriptors::take(const base::SocketAddress& address) {
  const auto found = std::find_if(sockets_.begin(), sockets_.end(), [&](const Socket& socket) {
    return address_of(socket.fd.get()) == address;
  });
  if (found == sockets_.end()) return std::nullopt;
  base::FileDescriptor fd = std::move(found->fd);
  sockets_.erase(found);
  return fd;
}

Result<void> ListenDescriptors::check_all_taken() const {
  if (sockets_.empty()) return {};
  std::string list;
  for (const auto& socket : sockets_) {
    const auto address = address_of(socket.fd.get());
    list += (list.empty() ? "`" : ", `") + socket.name + "`";
    list += " at " + (address ? address->to_string()
                              : unix_path_of(socket.fd.get()).value_or("an unknown address"));
  }
  return fail(Errc::invalid_argument, "sockets that systemd passed and no port is for: " + list +
                                          "; set FileDescriptorName= to imds, aws, aws-tls, "
                                          "console, ecs, eks, monitor or admin, or listen on their "
                                          "addresses in the configuration");
}

std::optional<std::string> unix_path_of(int fd) {
  sockaddr_un bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0 ||
      bound.sun_family != AF_UNIX || size <= offsetof(sockaddr_un, sun_path) ||
      bound.sun_path[0] == '\0') {
    return std::nullopt;
  }
  const auto length = size - offsetof(sockaddr_un, sun_path);
  const std::string path(bound.sun_path, length);
  return path.substr(0, path.find('\0'));
}

}  // namespace imdsd::daemon
