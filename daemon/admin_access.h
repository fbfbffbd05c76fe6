// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "base/http_message.h"
#include "base/result.h"

namespace imdsd::daemon {

/// The group of this name. Errc::not_found for one that this machine does not know.
[[nodiscard]] base::Result<unsigned> find_group(const std::string& name);

/// Who may use the admin socket: the daemon's own user, root, and the members of one group. The
/// kernel says who is on the other end (SO_PEERCRED); nothing that the peer sends is believed.
class AdminAccess {
 public:
  /// `group`: a name; empty for none. Errc::not_found for one that this machine does not know.
  [[nodiscard]] static base::Result<AdminAccess> make(const std::string& group);

  AdminAccess(unsigned own_uid, std::optional<unsigned> group) : own_uid_(own_uid), group_(group) {}

  /// Nothing when the peer may; else the reason, for the 403.
  [[nodiscard]] std::optional<std::string> refuse(const base::HttpPeer& peer) const;
  [[nodiscard]] std::optional<unsigned> group() const noexcept { return group_; }

 private:
  unsigned own_uid_;
  std::optional<unsigned> group_;
};

}  // namespace imdsd::daemon
