// SPDX-License-Identifier: MIT
// Transfers for threads that may block: the worker pool's, and the client's. The sockets
// themselves are non-blocking; poll() does the waiting, so that each wait is bounded.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/result.h"
#include "http/channel.h"

namespace imdsd::http {

/// Sends everything; false when the peer is gone or takes nothing for `timeout`.
[[nodiscard]] bool send_all(Channel& channel, std::string_view bytes,
                            std::chrono::milliseconds timeout, bool more_follows = false);

/// Up to out.size() bytes, 0 at the end; Errc::unavailable on failure or when none come for
/// `timeout`.
[[nodiscard]] base::Result<std::size_t> receive_some(Channel& channel, std::span<char> out,
                                                     std::chrono::milliseconds timeout);

/// Waits for POLLIN or POLLOUT; false after `timeout`.
[[nodiscard]] bool wait_for(int fd, short events, std::chrono::milliseconds timeout);

}  // namespace imdsd::http
