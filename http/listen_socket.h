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

/// A connection as accept() gives it.
struct Accepted {
  base::FileDescriptor fd;
  base::HttpPeer peer;
  std::optional<base::SocketAddress> local;
  std::shared_ptr<const Service> service;
  std::shared_ptr<const base::TlsContext> tls;  // null: plain
  ConnectionSlots::Slot slot;
};

/// One bound and listening socket, non-blocking, its backlog at the system's maximum. A Unix
/// socket's file is removed when this is destroyed, if it still is the one that was made.
class ListenSocket {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<ListenSocket>> open(const Listener& listener);
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
  /// New connections are refused by the kernel from now on, and those not yet accepted are reset.
  /// Thread-safe; a second call does nothing.
  void close();

 private:
  ListenSocket(std::shared_ptr<const Service> service, std::shared_ptr<const TlsCell> tls)
      : service_(std::move(service)), tls_(std::move(tls)) {}
  [[nodiscard]] base::Result<void> open_tcp(const base::SocketAddress& address);
  [[nodiscard]] base::Result<void> open_unix(const UnixSocketPath& unix_path);
  [[nodiscard]] base::Result<void> listen_on();
  void remove_file() noexcept;

  base::FileDescriptor fd_;
  std::shared_ptr<const Service> service_;
  std::shared_ptr<const TlsCell> tls_;
  std::optional<base::SocketAddress> address_;
  bool any_address_ = false;
  std::atomic<bool> closed_ = false;
  std::string path_;  // of a Unix socket that was made
  unsigned long device_ = 0, inode_ = 0;
};

}  // namespace imdsd::http
