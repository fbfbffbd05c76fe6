// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock_real.h"
#include "base/result.h"
#include "base/tls_client.h"
#include "http/channel.h"
#include "http/client.h"
#include "http/sockaddr.h"

namespace imdsd::http {

/// What is left of the time for a whole exchange.
class Countdown {
 public:
  explicit Countdown(std::chrono::milliseconds timeout) : end_(clock_.monotonic() + timeout) {}
  [[nodiscard]] std::chrono::milliseconds left() const;

 private:
  base::RealClock clock_;
  base::SteadyTime end_;
};

/// A client's connection to a server, plain or inside TLS. Every wait ends with the countdown:
/// Errc::unavailable.
class ClientConnection {
 public:
  [[nodiscard]] static base::Result<ClientConnection> open(const KernelAddress& address,
                                                           const std::optional<TlsServer>& tls,
                                                           const Countdown& countdown);
  /// False when the server is gone or takes nothing.
  [[nodiscard]] bool send(std::string_view text, const Countdown& countdown);
  /// Some bytes; none at the end.
  [[nodiscard]] base::Result<std::string> receive(const Countdown& countdown);

 private:
  explicit ClientConnection(Channel channel) : channel_(std::move(channel)) {}
  [[nodiscard]] base::Result<std::string> receive_raw(const Countdown& countdown);
  [[nodiscard]] base::Result<void> start_tls(const TlsServer& server, const Countdown& countdown);

  Channel channel_;
  std::optional<base::TlsClient> tls_;
};

}  // namespace imdsd::http
