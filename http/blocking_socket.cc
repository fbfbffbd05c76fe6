// SPDX-License-Identifier: MIT
#include "http/blocking_socket.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>

namespace imdsd::http {
namespace {

/// Waits for what `transfer` asks for. False when it asks for nothing, or gets nothing in time.
bool wait_after(const Transfer& transfer, int fd, std::chrono::milliseconds timeout) {
  switch (transfer.state) {
    case Transfer::State::again:
      return true;
    case Transfer::State::wants_read:
      return wait_for(fd, POLLIN, timeout);
    case Transfer::State::wants_write:
      return wait_for(fd, POLLOUT, timeout);
    default:
      return false;
  }
}

}  // namespace

bool wait_for(int fd, short events, std::chrono::milliseconds timeout) {
  pollfd entry{fd, events, 0};
  const auto wait = static_cast<int>(std::clamp<std::int64_t>(timeout.count(), 0, INT_MAX));
  int ready = 0;
  do {
    ready = ::poll(&entry, 1, wait);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

bool send_all(Channel& channel, std::string_view bytes, std::chrono::milliseconds timeout,
              bool more_follows) {
  while (!bytes.empty()) {
    const Transfer sent = channel.send(bytes, {}, more_follows);
    if (sent.state == Transfer::State::done) {
      bytes.remove_prefix(sent.bytes);
    } else if (!wait_after(sent, channel.fd(), timeout)) {
      return false;
    }
  }
  return true;
}

base::Result<std::size_t> receive_some(Channel& channel, std::span<char> out,
                                       std::chrono::milliseconds timeout) {
  while (true) {
    const Transfer received = channel.receive(out);
    switch (received.state) {
      case Transfer::State::done:
        return received.bytes;
      case Transfer::State::ended:
        return std::size_t{0};
      case Transfer::State::failed:
        return base::fail(base::Errc::unavailable, "the connection broke off");
      default:
        if (!wait_after(received, channel.fd(), timeout)) {
          return base::fail(base::Errc::unavailable, "the peer sends nothing");
        }
    }
  }
}

}  // namespace imdsd::http
