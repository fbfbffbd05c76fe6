// SPDX-License-Identifier: MIT
#include "daemon/admin_access.h"

#include <algorithm>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>
#include <vector>

namespace imdsd::daemon {
namespace {

constexpr std::size_t kNameServiceBuffer = 64 * 1024;

/// By the user database: the kernel's credentials name only the group the process runs under.
bool is_member(unsigned uid, unsigned group) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(kNameServiceBuffer);
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || !found) return false;
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(entry.pw_name, entry.pw_gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(std::max(count, 1)));
    if (::getgrouplist(entry.pw_name, entry.pw_gid, groups.data(), &count) < 0) return false;
  }
  const auto end = groups.begin() + std::min<std::ptrdiff_t>(count, std::ssize(groups));
  return std::find(groups.begin(), end, group) != end;
}

}  // namespace

base::Result<unsigned> find_group(const std::string& name) {
  ::group entry{};
  ::group* found = nullptr;
  std::vector<char> buffer(kNameServiceBuffer);
  if (::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found) {
    return base::fail(base::Errc::not_found, "there is no group `" + name + "`");
  }
  return entry.gr_gid;
}

base::Result<AdminAccess> AdminAccess::make(const std::string& group) {
  if (group.empty()) return AdminAccess(::geteuid(), std::nullopt);
  const auto id = find_group(group);
  if (!id) return base::fail_in("admin.group", id.error());
  return AdminAccess(::geteuid(), *id);
}

std::optional<std::string> AdminAccess::refuse(const base::HttpPeer& peer) const {
  if (!peer.unix_credentials) return "only over the Unix socket";
  const auto& who = *peer.unix_credentials;
  if (who.uid == 0 || who.uid == own_uid_) return std::nullopt;
  if (group_ && (who.gid == *group_ || is_member(who.uid, *group_))) return std::nullopt;
  return "user " + std::to_string(who.uid) + " is neither root nor the daemon's user " +
         std::to_string(own_uid_) +
         (group_ ? ", nor in admin.group" : ", and admin.group names no group");
}

}  // namespace imdsd::daemon
