// SPDX-License-Identifier: MIT
// `imdsctl exec --netns` opens listening sockets in a network namespace that this process cannot
// enter, and lends them. docs/admin.md tells the protocol.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "daemon/admin_access.h"
#include "http/listen_socket.h"
#include "http/server.h"

namespace imdsd::daemon {

/// What a lender wants: one service for each descriptor that comes along, in their order.
struct LendRequest {
  std::string instance;               // its name or id; empty: the default one
  std::vector<std::string> services;  // "imds", "aws", "aws-tls", "ecs", "eks"

  /// One JSON object. Errc::invalid_argument says what is wrong with it.
  [[nodiscard]] static base::Result<LendRequest> parse(std::string_view text);

  static constexpr std::size_t kMaxBytes = 4096, kMaxServices = 16;
};

/// A Unix socket beside the admin socket, and for the same users. A lender sends one line, its
/// LendRequest, with the descriptors (SCM_RIGHTS), and gets one line back. The sockets are served
/// until its connection ends, however it ends: a lender that is killed leaves nothing behind.
class LentListeners {
 public:
  /// What to serve on a socket: the service, and its certificate. Errc::not_found for a service or
  /// an instance that is not there.
  using Offer = std::function<base::Result<http::Listener>(const std::string& service,
                                                           const std::string& instance)>;

  /// Binds `path`; `server` outlives this.
  [[nodiscard]] static base::Result<std::unique_ptr<LentListeners>> open(const std::string& path,
                                                                         const AdminAccess& access,
                                                                         http::Server& server,
                                                                         Offer offer);
  ~LentListeners();
  LentListeners(const LentListeners&) = delete;
  LentListeners& operator=(const LentListeners&) = delete;

  /// For one thread; returns when `stop` is requested, and what was lent is given up.
  void run(const std::stop_token& stop);

  /// Lenders at a time; more are told so.
  static constexpr std::size_t kMaxLenders = 256;

 private:
  struct Lender;
  LentListeners(std::shared_ptr<http::ListenSocket> socket, const AdminAccess& access,
                http::Server& server, Offer offer);
  /// False when no descriptor is left.
  [[nodiscard]] bool admit();
  [[nodiscard]] bool hear(Lender& lender);
  [[nodiscard]] base::Result<std::vector<std::string>> take(Lender& lender, std::string_view line);
  void give_up(Lender& lender);

  const std::shared_ptr<http::ListenSocket> socket_;
  const AdminAccess access_;
  http::Server& server_;
  const Offer offer_;
  const base::FileDescriptor wake_;
  std::vector<std::unique_ptr<Lender>> lenders_;
};

/// Where the socket stands: "admin.fds" beside "admin.sock".
[[nodiscard]] std::string lent_listeners_path(const std::string& admin_socket);

}  // namespace imdsd::daemon
