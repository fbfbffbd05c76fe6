// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/tls_context.h"

struct ssl_st;  // OpenSSL's SSL

namespace imdsd::base {

/// The server's end of one TLS connection, on a socket that it does not own and never waits for:
/// each call goes as far as the socket allows. Raises no SIGPIPE. For one thread at a time.
class TlsStream {
 public:
  enum class State {
    done,
    wants_read,   // call again when the socket is readable
    wants_write,  // call again, with the same bytes, when the socket is writable
    again,        // call again; this call has taken as much from the socket as one may
    ended,        // the peer has said that it sends no more
    failed        // error() tells why; an end without that word is a failure (RFC 8446 section 6.1)
  };
  struct Outcome {
    State state = State::failed;
    std::size_t bytes = 0;  // done: how many were read or written
  };

  /// `fd` is a connected socket that stays open as long as this lives.
  [[nodiscard]] static Result<std::unique_ptr<TlsStream>> accept(const TlsContext& context, int fd);
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  ~TlsStream() = default;

  [[nodiscard]] Outcome handshake();
  /// At most one record (16 KiB); out is not empty.
  [[nodiscard]] Outcome read(std::span<char> out);
  /// At most one record. bytes is not empty.
  [[nodiscard]] Outcome write(std::string_view bytes);
  /// Says that nothing more is sent, if the socket takes it at once. Not after a failure.
  void close_notify();

  /// "1.2" or "1.3", once the handshake is done; empty for what is older.
  [[nodiscard]] std::string_view version() const noexcept;

  /// Why the last call failed: lower case, without anything that was received.
  [[nodiscard]] const std::string& error() const noexcept { return error_; }

 private:
  struct Free {
    void operator()(ssl_st* ssl) const noexcept;
  };
  struct Wire {
    int fd = -1;
    bool ended = false;
    std::size_t allowance = 0;  // of bytes that the call in progress may still receive
  };
  friend struct TlsWire;

  explicit TlsStream(int fd) : wire_{fd} {}
  [[nodiscard]] Outcome outcome(int result, std::size_t bytes);

  Wire wire_;
  std::unique_ptr<ssl_st, Free> ssl_;
  bool failed_ = false;
  std::string error_;
};

}  // namespace imdsd::base
