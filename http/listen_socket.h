// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/file_descriptor.h"
#include "base/http_message.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "http/connection_slots.h"
#include "http/server.h"

namespace imdsd::http {

class ListenSocket;

/// A connection as accept() gives it.
struct Accepted {
  base::FileDescriptor fd;
  std::shared_ptr<const ListenSocket> adopted;  // the listener, if it may be dropped
  base::HttpPeer peer;
  std::optional<base::SocketAddress> local;
  std::shared_ptr<const Service> service;
  std::shared_ptr<const base::TlsContext> tls;  // null: plain
  ConnectionSlots::Slot slot;
};

/// One bound and listening socket, non-blocking, its backlog at the system's maximum. A Unix
/// socket's file is removed when this is destroyed, if it still is the one that was made.
class ListenSocket : public std::enable_shared_from_this<ListenSocket> {
 public:
  [[nodiscard]] static base::Result<std::shared_ptr<ListenSocket>> open(const Listener& listener);
  /// Takes a socket that listens already, `listener` being without address and path. Its file, if
  /// it is a Unix socket, stays. Errc::invalid_argument for anything else than a listening stream
  /// socket of IPv4, IPv6 or Unix.
  [[nodiscard]] static base::Result<std::shared_ptr<ListenSocket>> adopt(base::FileDescriptor fd,
                                                                         const Listener& listener);
  ListenSocket(const ListenSocket&) = delete;
  ListenSocket& operator=(const ListenSocket&) = delete;
  ~ListenSocket();

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] const Service& service() const noexcept { return *service_; }
  /// Port 0 resolved; nothing for a Unix socket.
  [[nodiscard]] const std::optional<base::SocketAddress>& address() const noexcept {
    return address_;
  }
  /// The next connection. `fd` is empty when there is none, and errno then says why.
  [[nodiscard]] Accepted accept() const;
  /// New connections are refused by the kernel from now on, and those not yet accepted are reset;
  /// nothing for a socket on which others go on listening (Listener::shared). Thread-safe; a second
  /// call does nothing.
  void close();
  /// Others go on listening: what has not been accepted is theirs.
  [[nodiscard]] bool shared() const noexcept { return shared_; }
  /// Its connections are to be broken off, those as well that are on their way to a loop.
  /// Thread-safe.
  void drop();
  [[nodiscard]] bool dropped() const noexcept { return dropped_.load(); }

 private:
  explicit ListenSocket(const Listener& listener)
      : service_(listener.service), tls_(listener.tls), shared_(listener.shared) {}
  [[nodiscard]] base::Result<void> open_tcp(const base::SocketAddress& address);
  [[nodiscard]] base::Result<void> open_unix(const UnixSocketPath& unix_path);
  [[nodiscard]] base::Result<void> listen_on();
  [[nodiscard]] base::Result<void> take_over(base::FileDescriptor fd);
  void remove_file() noexcept;

  base::FileDescriptor fd_;
  std::shared_ptr<const Service> service_;
  std::shared_ptr<const TlsCell> tls_;
  std::optional<base::SocketAddress> address_;
  bool any_address_ = false;
  bool adopted_ = false;
  const bool shared_;
  std::atomic<bool> closed_ = false, dropped_ = false;
  std::string path_;  // of a Unix socket that was made
  unsigned long device_ = 0, inode_ = 0;
};

}  // namespace imdsd::http
