// SPDX-License-Identifier: MIT
#include "http/blocking_socket.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <sys/socket.h>

#include "http/sockaddr.h"

namespace imdsd::http {

bool wait_for(int fd, short events, std::chrono::milliseconds timeout) {
  pollfd entry{fd, events, 0};
  const auto wait = static_cast<int>(std::clamp<std::int64_t>(timeout.count(), 0, INT_MAX));
  int ready = 0;
  do {
    ready = ::poll(&entry, 1, wait);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

bool send_all(int fd, std::string_view bytes, std::chrono::milliseconds timeout,
              bool more_follows) {
  while (!bytes.empty()) {
    const int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (more_follows ? MSG_MORE : 0);
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), flags);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!wait_for(fd, POLLOUT, timeout)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

base::Result<std::size_t> receive_some(int fd, std::span<char> out,
                                       std::chrono::milliseconds timeout) {
  while (true) {
    const ssize_t received = ::recv(fd, out.data(), out.size(), MSG_DONTWAIT);
    if (received >= 0) return static_cast<std::size_t>(received);
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!wait_for(fd, POLLIN, timeout)) {
        return base::fail(base::Errc::unavailable, "the peer sends nothing");
      }
    } else if (errno != EINTR) {
      return base::fail(base::Errc::unavailable, "receive: " + error_text(errno));
    }
  }
}

}  // namespace imdsd::http
