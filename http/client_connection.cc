// SPDX-License-Identifier: MIT
#include "http/client_connection.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include "base/file_descriptor.h"
#include "http/blocking_socket.h"

namespace imdsd::http {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using std::chrono::milliseconds;

Result<Channel> connect_to(KernelAddress address, const Countdown& countdown) {
  base::FileDescriptor fd(
      ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fail(Errc::unavailable, "socket: " + error_text(errno));
  if (::connect(fd.get(), address.get(), address.size) == 0) return Channel(std::move(fd));
  // A Unix socket with a full backlog says EAGAIN, and there is nothing to wait for.
  if (errno != EINPROGRESS) return fail(Errc::unavailable, "connect: " + error_text(errno));
  if (!wait_for(fd.get(), POLLOUT, countdown.left())) {
    return fail(Errc::unavailable, "connect: timed out");
  }
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return fail(Errc::unavailable, "connect: " + error_text(error));
  return Channel(std::move(fd));
}

}  // namespace

milliseconds Countdown::left() const {
  const auto rest = std::chrono::ceil<milliseconds>(end_ - clock_.monotonic());
  return std::max(rest, milliseconds{0});
}

Result<ClientConnection> ClientConnection::open(const KernelAddress& address,
                                                const std::optional<TlsServer>& tls,
                                                const Countdown& countdown) {
  IMDSD_TRY(Channel channel, connect_to(address, countdown));
  ClientConnection connection(std::move(channel));
  if (tls) IMDSD_TRY_VOID(connection.start_tls(*tls, countdown));
  return connection;
}

Result<void> ClientConnection::start_tls(const TlsServer& server, const Countdown& countdown) {
  IMDSD_TRY(tls_, base::TlsClient::start(server.trust, server.name, server.thumbprints));
  while (true) {
    const std::string outgoing = tls_->take_outgoing();
    if (!send_all(channel_, outgoing, countdown.left())) {
      return fail(Errc::unavailable, "the server ended the TLS handshake");
    }
    if (tls_->connected()) return {};
    IMDSD_TRY(const std::string raw, receive_raw(countdown));
    const auto received = tls_->receive(raw);
    if (received) continue;
    // The server may be told why: best effort, for it is refused anyway.
    (void)send_all(channel_, tls_->take_outgoing(), milliseconds{0});
    return received;
  }
}

bool ClientConnection::send(std::string_view text, const Countdown& countdown) {
  if (!tls_) return send_all(channel_, text, countdown.left());
  return tls_->send(text) && send_all(channel_, tls_->take_outgoing(), countdown.left());
}

Result<std::string> ClientConnection::receive_raw(const Countdown& countdown) {
  // A peer that always has a byte ready would never be waited for.
  const milliseconds left = countdown.left();
  if (left.count() == 0) return fail(Errc::unavailable, "timed out");
  std::string buffer(16 * 1024, '\0');
  IMDSD_TRY(const std::size_t size, receive_some(channel_, buffer, left));
  buffer.resize(size);
  return buffer;
}

Result<std::string> ClientConnection::receive(const Countdown& countdown) {
  if (!tls_) return receive_raw(countdown);
  while (true) {
    std::string plaintext = tls_->take_received();
    if (!plaintext.empty() || tls_->ended()) return plaintext;
    IMDSD_TRY(const std::string raw, receive_raw(countdown));
    IMDSD_TRY_VOID(tls_->receive(raw));
    // TLS 1.3 may want to answer, to a key update for one.
    (void)send_all(channel_, tls_->take_outgoing(), countdown.left());
  }
}

}  // namespace imdsd::http
