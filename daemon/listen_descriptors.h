// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/file_descriptor.h"
#include "base/ip_address.h"
#include "base/result.h"

namespace imdsd::daemon {

/// The sockets that systemd has opened for this process: sd_listen_fds_with_names(3) without its
/// library. Not thread-safe.
class ListenDescriptors {
 public:
  struct Entry {
    int fd = -1;
    std::string name;  // FileDescriptorName=, "unknown" without
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  /// What $LISTEN_PID, $LISTEN_FDS and $LISTEN_FDNAMES say to process `pid`; nothing when they are
  /// for another one. Errc::invalid_argument for values that systemd never sets.
  [[nodiscard]] static base::Result<std::vector<Entry>> parse(const base::Environment& environment,
                                                              int pid);

  ListenDescriptors() = default;
  /// Owns the descriptors from now on.
  explicit ListenDescriptors(const std::vector<Entry>& entries);

  /// All sockets of this name.
  [[nodiscard]] std::vector<base::FileDescriptor> take(const std::string& name);
  /// The socket, whatever its name, that is bound to `address`.
  [[nodiscard]] std::optional<base::FileDescriptor> take(const base::SocketAddress& address);
  /// Errc::invalid_argument names those that nothing took: a port that is open and not served would
  /// leave its clients waiting.
  [[nodiscard]] base::Result<void> check_all_taken() const;

 private:
  struct Socket {
    base::FileDescriptor fd;
    std::string name;
  };
  std::vector<Socket> sockets_;
};

/// Of a Unix socket that is bound to a file; nothing for any other.
[[nodiscard]] std::optional<std::string> unix_path_of(int fd);

}  // namespace imdsd::daemon
