// SPDX-License-Identifier: MIT
#include "gateway/seen_permissions.h"

#include <utility>

#include "aws/arn.h"

namespace imdsd::gateway {

std::string permission_holder(std::string_view caller_arn) {
  const auto arn = aws::Arn::parse(caller_arn);
  if (!arn || (arn->service != "iam" && arn->service != "sts")) return "";
  const std::string_view resource = arn->resource;
  if (resource == "root") return arn->account + ":root";
  const std::size_t slash = resource.find('/');
  if (slash == std::string_view::npos) return "";
  const std::string_view kind = resource.substr(0, slash);
  const std::string_view rest = resource.substr(slash + 1);
  std::string out = arn->account + ":";
  if (kind == "assumed-role") {
    out.append("role/").append(rest.substr(0, rest.find('/')));
  } else if (kind == "user" || kind == "role" || kind == "federated-user") {
    out.append(kind).append("/").append(rest.substr(rest.rfind('/') + 1));
  } else {
    return "";
  }
  return out;
}

bool NeededPermissions::add(iam::Permission permission) {
  if (permissions.size() < kMost || permissions.contains(permission)) {
    permissions.insert(std::move(permission));
    return true;
  }
  more = true;
  return false;
}

void SeenPermissions::add(const AuditRecord& record) {
  if (record.permissions.empty()) return;
  std::string holder = permission_holder(record.caller_arn);
  if (holder.empty()) return;
  const std::lock_guard lock(mutex_);
  auto found = seen_.find(holder);
  if (found == seen_.end()) {
    if (seen_.size() >= kMaxHolders) return;
    found = seen_.emplace(std::move(holder), NeededPermissions()).first;
  }
  for (const iam::Permission& each : record.permissions) found->second.add(each);
}

NeededPermissions SeenPermissions::of(std::string_view holder) const {
  const std::lock_guard lock(mutex_);
  const auto found = seen_.find(holder);
  return found == seen_.end() ? NeededPermissions() : found->second;
}

std::vector<std::string> SeenPermissions::holders() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& [holder, needed] : seen_) out.push_back(holder);
  return out;
}

}  // namespace imdsd::gateway
