// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/ip_address.h"
#include "base/result.h"

namespace imdsd::http {

/// An address in the form that the kernel takes.
struct KernelAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);
  [[nodiscard]] sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] int family() const noexcept { return storage.ss_family; }
};

[[nodiscard]] KernelAddress to_kernel(const base::SocketAddress& address);
/// Errc::invalid_argument when the path is empty or longer than the kernel takes (107 bytes).
[[nodiscard]] base::Result<KernelAddress> to_kernel(const std::string& unix_path);
/// Nothing for a Unix address.
[[nodiscard]] std::optional<base::SocketAddress> from_kernel(const KernelAddress& address);

/// "Address already in use"; strerror() is not thread-safe.
[[nodiscard]] std::string error_text(int error);

}  // namespace imdsd::http
