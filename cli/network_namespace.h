// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "base/ip_address.h"
#include "base/result.h"

namespace imdsd::cli {

/// What has become of this process.
struct NetworkNamespace {
  bool user_namespace = false;       // in one of its own as well: it was not root
  std::vector<std::string> missing;  // addresses that this kernel does not give
};

/// Moves this process, of one thread, into a network namespace of its own, which has nothing but
/// loopback, up, with 127.0.0.1, ::1 and `addresses`. As root of the machine, or in a user
/// namespace that maps the user to itself. Errc::access_denied where neither is allowed, and what
/// to do then.
[[nodiscard]] base::Result<NetworkNamespace> enter_network_namespace(
    const std::vector<base::IpAddress>& addresses);

/// A socket that listens there.
[[nodiscard]] base::Result<base::FileDescriptor> open_listener(const base::SocketAddress& address);

}  // namespace imdsd::cli
