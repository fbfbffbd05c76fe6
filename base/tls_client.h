// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace imdsd::base {

/// Whom a TLS client believes. Immutable, cheap to copy, thread-safe.
class TlsTrust {
 public:
  /// The system's certificate authorities (SSL_CERT_FILE and SSL_CERT_DIR name others), and those
  /// of `more_pem`, a list of PEM certificates that may be empty. Errc::invalid_argument when it
  /// holds none. The system's are read when a client is first started.
  [[nodiscard]] static Result<TlsTrust> system(std::string_view more_pem = {});

 private:
  friend class TlsClient;
  class Context;
  explicit TlsTrust(std::shared_ptr<const Context> context) : context_(std::move(context)) {}
  std::shared_ptr<const Context> context_;
};

/// The client's end of one TLS connection (1.2 or later), without a socket: its owner carries the
/// bytes. The server's certificate is always verified: chain, names, times. For one thread at a
/// time.
class TlsClient {
 public:
  /// `server`: the DNS name or IP address that the certificate must be of. `thumbprints`: SHA-1 of
  /// certificates in hexadecimal; one of them that the server sends is believed as an authority,
  /// too (IAM's OpenID Connect providers).
  [[nodiscard]] static Result<TlsClient> start(const TlsTrust& trust, const std::string& server,
                                               const std::vector<std::string>& thumbprints);
  TlsClient(TlsClient&&) noexcept;
  TlsClient& operator=(TlsClient&&) noexcept;
  ~TlsClient();

  /// Takes what came from the server; none means that it closed. Errc::access_denied: its
  /// certificate is not believed. Errc::unavailable: this is no TLS that we speak, or it was cut
  /// off.
  [[nodiscard]] Result<void> receive(std::string_view from_server);
  /// What is to be sent to the server now; empty when nothing is.
  [[nodiscard]] std::string take_outgoing();
  [[nodiscard]] bool connected() const;
  /// Encrypts; only when connected.
  [[nodiscard]] Result<void> send(std::string_view plaintext);
  /// What the server said, decrypted. `ended`: it said that there is no more.
  [[nodiscard]] std::string take_received();
  [[nodiscard]] bool ended() const;

 private:
  struct State;
  explicit TlsClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace imdsd::base
