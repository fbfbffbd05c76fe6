// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/file_descriptor.h"
#include "base/tls_stream.h"

namespace imdsd::http {

/// What one call of a Channel did.
struct Transfer {
  enum class State {
    done,
    wants_read,   // the socket has nothing to read
    wants_write,  // the socket takes no more
    again,        // nothing yet, but there may be more
    ended,        // the peer sends no more
    failed
  };
  State state = State::failed;
  std::size_t bytes = 0;  // done
};

/// A connected socket and the bytes that go through it, plain or under TLS. Never waits. For one
/// thread at a time: the event thread's, or the worker's to which the connection's exchange belongs
/// for the time being. Only break_off() is for any.
class Channel {
 public:
  explicit Channel(base::FileDescriptor fd) : fd_(std::move(fd)) {}

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(fd_); }
  [[nodiscard]] bool secure() const noexcept { return tls_ != nullptr; }

  /// The first byte that the peer has sent, which stays where it is: `done` with one byte in `out`.
  [[nodiscard]] Transfer peek(char& out) const;
  /// Bytes are TLS from now on. False when there is no memory for it.
  [[nodiscard]] bool start_tls(const base::TlsContext& context);
  [[nodiscard]] Transfer handshake();
  /// Why the handshake failed.
  [[nodiscard]] const std::string& tls_error() const { return tls_->error(); }
  /// "1.3"; empty without TLS.
  [[nodiscard]] std::string_view tls_version() const noexcept {
    return tls_ ? tls_->version() : std::string_view();
  }
  /// Takes the bytes as they come again, to throw them away.
  void abandon_tls() noexcept { tls_.reset(); }

  /// Up to out.size() bytes, which is not 0.
  [[nodiscard]] Transfer receive(std::span<char> out);
  /// True when `received`, of `asked`, were all that the socket had.
  [[nodiscard]] bool drained_by(std::size_t received, std::size_t asked) const noexcept {
    // TLS gives one record at a time.
    return !secure() && received < asked;
  }
  /// Some of `first` and then `second`, not both empty, in one send. `more_follows` lets the kernel
  /// wait for it. After `wants_write` the same bytes must come again.
  [[nodiscard]] Transfer send(std::string_view first, std::string_view second = {},
                              bool more_follows = false);

  /// Nothing more is sent; the peer is told so.
  void end_sending();
  /// Ends the waits of whoever uses the socket.
  void break_off() const noexcept;
  void close();
  /// With a reset: what the peer has not got is lost.
  void abort();

 private:
  base::FileDescriptor fd_;
  std::unique_ptr<base::TlsStream> tls_;
};

}  // namespace imdsd::http
