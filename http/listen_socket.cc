// SPDX-License-Identifier: MIT
#include "http/listen_socket.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "http/sockaddr.h"

namespace imdsd::http {
namespace {

using base::Errc;
using base::fail;
using base::Result;

int system_backlog() {
  int backlog = 0;
  std::ifstream("/proc/sys/net/core/somaxconn") >> backlog;
  return backlog > 0 ? backlog : SOMAXCONN;
}

void set_flag(int fd, int level, int option) {
  const int on = 1;
  ::setsockopt(fd, level, option, &on, sizeof on);
}

/// -1 for what is no socket.
int int_option(int fd, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

Result<base::FileDescriptor> open_socket(int family) {
  base::FileDescriptor fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fail(Errc::unavailable, "socket: " + error_text(errno));
  return fd;
}

base::HttpPeer::UnixCredentials credentials_of(int fd) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    credentials = {0, static_cast<uid_t>(-1),
                   static_cast<gid_t>(-1)};  // nobody that a check admits
  }
  return {static_cast<unsigned>(credentials.pid), credentials.uid, credentials.gid};
}

/// Makes the way free for a new socket at `path`: nothing there, or a socket that nobody serves.
Result<void> clear_stale_socket(const std::string& path, KernelAddress& address) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    return fail(Errc::unavailable, "`" + path + "`: " + error_text(errno));
  }
  if (!S_ISSOCK(status.st_mode)) {
    return fail(Errc::invalid_argument, "`" + path + "` exists and is not a socket");
  }
  IMDSD_TRY(const base::FileDescriptor probe, open_socket(AF_UNIX));
  if (::connect(probe.get(), address.get(), address.size) == 0 || errno != ECONNREFUSED) {
    return fail(Errc::unavailable, "`" + path + "` is in use by another process");
  }
  if (::unlink(path.c_str()) != 0) {
    return fail(Errc::unavailable, "`" + path + "`: " + error_text(errno));
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<ListenSocket>> ListenSocket::open(const Listener& listener) {
  if (!listener.service || listener.address.has_value() == listener.unix_path.has_value()) {
    return fail(Errc::internal, "a listener needs a service and either an address or a path");
  }
  std::shared_ptr<ListenSocket> socket(new ListenSocket(listener));
  if (listener.address) {
    if (auto opened = socket->open_tcp(*listener.address); !opened) {
      return base::fail_in(listener.address->to_string(), std::move(opened).error());
    }
  } else {
    IMDSD_TRY_VOID(socket->open_unix(*listener.unix_path));
  }
  return socket;
}

Result<std::shared_ptr<ListenSocket>> ListenSocket::adopt(base::FileDescriptor fd,
                                                          const Listener& listener) {
  if (!listener.service || listener.address || listener.unix_path) {
    return fail(Errc::internal, "an adopted listener needs a service, and no place");
  }
  std::shared_ptr<ListenSocket> socket(new ListenSocket(listener));
  IMDSD_TRY_VOID(socket->take_over(std::move(fd)));
  return socket;
}

ListenSocket::~ListenSocket() {
  remove_file();
}

Result<void> ListenSocket::open_tcp(const base::SocketAddress& address) {
  KernelAddress kernel = to_kernel(address);
  IMDSD_TRY(fd_, open_socket(kernel.family()));
  set_flag(fd_.get(), SOL_SOCKET, SO_REUSEADDR);
  // Each listener is what it says: `[::]` does not take IPv4, or it could not stand beside
  // `0.0.0.0`.
  if (address.ip.is_v6()) set_flag(fd_.get(), IPPROTO_IPV6, IPV6_V6ONLY);
  // Addresses that every AWS client has built in, and that no network card has: they come and go
  // with `imdsctl up`, and a sidecar's after its start.
  if (address.ip.is_link_local()) {
    set_flag(fd_.get(), address.ip.is_v6() ? IPPROTO_IPV6 : IPPROTO_IP,
             address.ip.is_v6() ? IPV6_FREEBIND : IP_FREEBIND);
  }
  set_flag(fd_.get(), IPPROTO_TCP, TCP_NODELAY);  // accepted sockets inherit it
  if (::bind(fd_.get(), kernel.get(), kernel.size) != 0) {
    return fail(Errc::unavailable, "bind: " + error_text(errno));
  }
  KernelAddress bound;
  if (::getsockname(fd_.get(), bound.get(), &bound.size) != 0) {
    return fail(Errc::unavailable, "getsockname: " + error_text(errno));
  }
  address_ = from_kernel(bound);
  any_address_ = address.ip.is_unspecified();
  return listen_on();
}

Result<void> ListenSocket::open_unix(const UnixSocketPath& unix_path) {
  IMDSD_TRY(KernelAddress kernel, to_kernel(unix_path.path));
  IMDSD_TRY_VOID(clear_stale_socket(unix_path.path, kernel));
  IMDSD_TRY(fd_, open_socket(AF_UNIX));
  // bind() takes the file's mode from the socket: never open for others, not even for a moment.
  ::fchmod(fd_.get(), 0600);
  if (::bind(fd_.get(), kernel.get(), kernel.size) != 0) {
    return fail(Errc::unavailable, "`" + unix_path.path + "`: bind: " + error_text(errno));
  }
  path_ = unix_path.path;
  struct stat status {};
  if (::lstat(path_.c_str(), &status) == 0) {
    device_ = status.st_dev;
    inode_ = status.st_ino;
  }
  if (unix_path.group && ::chown(path_.c_str(), static_cast<uid_t>(-1), *unix_path.group) != 0) {
    return fail(Errc::access_denied, "`" + path_ + "`: chown: " + error_text(errno));
  }
  if (::chmod(path_.c_str(), static_cast<mode_t>(unix_path.mode)) != 0) {
    return fail(Errc::access_denied, "`" + path_ + "`: chmod: " + error_text(errno));
  }
  return listen_on();
}

Result<void> ListenSocket::listen_on() {
  if (::listen(fd_.get(), system_backlog()) != 0) {
    return fail(Errc::unavailable, "listen: " + error_text(errno));
  }
  return {};
}

Result<void> ListenSocket::take_over(base::FileDescriptor fd) {
  KernelAddress bound;
  if (int_option(fd.get(), SO_TYPE) != SOCK_STREAM || int_option(fd.get(), SO_ACCEPTCONN) != 1 ||
      ::getsockname(fd.get(), bound.get(), &bound.size) != 0) {
    return fail(Errc::invalid_argument, "not a stream socket that listens");
  }
  address_ = from_kernel(bound);
  if (!address_ && bound.family() != AF_UNIX) {
    return fail(Errc::invalid_argument, "neither an IPv4, nor an IPv6, nor a Unix socket");
  }
  const int flags = ::fcntl(fd.get(), F_GETFL);
  if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0 ||
      ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC) != 0) {
    return fail(Errc::unavailable, "fcntl: " + error_text(errno));
  }
  if (address_) {
    set_flag(fd.get(), IPPROTO_TCP, TCP_NODELAY);
    any_address_ = address_->ip.is_unspecified();
  }
  adopted_ = true;
  fd_ = std::move(fd);
  return {};
}

Accepted ListenSocket::accept() const {
  KernelAddress peer;
  Accepted accepted;
  accepted.fd = base::FileDescriptor(
      ::accept4(fd_.get(), peer.get(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!accepted.fd) return accepted;
  accepted.service = service_;
  if (adopted_) accepted.adopted = shared_from_this();
  if (tls_) accepted.tls = tls_->load();
  if (!address_) {
    accepted.peer.unix_credentials = credentials_of(accepted.fd.get());
    return accepted;
  }
  accepted.peer.address = from_kernel(peer);
  accepted.local = address_;
  if (any_address_) {
    KernelAddress local;
    if (::getsockname(accepted.fd.get(), local.get(), &local.size) == 0) {
      accepted.local = from_kernel(local);
    }
  }
  return accepted;
}

void ListenSocket::drop() {
  dropped_.store(true);
  close();
}

void ListenSocket::close() {
  if (shared_ || closed_.exchange(true)) return;
  // Not ::close(): other threads have the descriptor in their epoll sets.
  ::shutdown(fd_.get(), SHUT_RDWR);
  remove_file();
}

void ListenSocket::remove_file() noexcept {
  struct stat status {};
  if (path_.empty() || ::lstat(path_.c_str(), &status) != 0) return;
  if (status.st_dev == device_ && status.st_ino == inode_) ::unlink(path_.c_str());
  path_.clear();
}

}  // namespace imdsd::http
