// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "base/ip_address.h"

namespace imdsd::daemon {

/// A process, as the kernel knows it.
struct PeerProcess {
  unsigned pid = 0, uid = 0;
  std::string name;  // /proc/PID/comm; empty: it has ended
};

/// The process on this machine that holds the socket `peer`, connected to `local`; of a family that
/// shares it, the oldest. None when there
/// is no such socket any more, in another network namespace, or of a process that this one may not
/// look into (proc(5): it takes the same user, or CAP_SYS_PTRACE). Asks sock_diag(7) for the
/// socket, then looks through /proc: about a millisecond, so not for an event thread.
[[nodiscard]] std::optional<PeerProcess> find_peer_process(const base::SocketAddress& peer,
                                                           const base::SocketAddress& local);

/// /proc/PID/comm; empty when it has ended.
[[nodiscard]] std::string process_name(unsigned pid);

}  // namespace imdsd::daemon
