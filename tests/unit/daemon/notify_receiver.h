// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <gtest/gtest.h>

#include "base/file_descriptor.h"

namespace imdsd::daemon {

/// systemd's end of $NOTIFY_SOCKET.
class NotifyReceiver {
 public:
  /// `name`: a path, or `@…` for an abstract socket.
  explicit NotifyReceiver(const std::string& name) : fd_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    const timeval patience{60, 0};  // a failing test ends, too
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  }
  /// The next message; "nothing" when none comes.
  [[nodiscard]] std::string receive(int flags = 0) const {
    std::array<char, 1024> text;
    const auto size = ::recv(fd_.get(), text.data(), text.size(), flags);
    return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  base::FileDescriptor fd_;
};

}  // namespace imdsd::daemon
