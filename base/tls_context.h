// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace imdsd::base {

/// What the TLS connections of one server have in common: certificate, key, versions and ciphers.
/// TLS 1.2 and 1.3 (RFC 8996 ended the earlier ones), forward secrecy and authenticated encryption
/// only; no renegotiation, no compression; ALPN `http/1.1`. Sessions are not resumed: a new
/// certificate takes effect at once, and no ticket key outlives its connections. Immutable and
/// thread-safe.
class TlsContext {
 public:
  /// `chain` is PEM, the server's own certificate first; `key` is its private key in PEM.
  /// Errc::invalid_argument when one is unreadable or they do not belong together.
  [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> for_server(std::string_view chain,
                                                                            const Secret& key);

  /// For TlsStream.
  [[nodiscard]] ssl_ctx_st* get() const noexcept { return context_.get(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const noexcept;
  };
  using Handle = std::unique_ptr<ssl_ctx_st, Free>;
  explicit TlsContext(Handle context) : context_(std::move(context)) {}

  Handle context_;
};

}  // namespace imdsd::base
