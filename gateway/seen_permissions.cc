// SPDX-License-Identifier: MIT
#include "gateway/seen_permissions.h"

#include <algorithm>
#include <utility>

#include "aws/arn.h"

namespace imdsd::gateway {
namespace {

std::size_t bytes_of(const iam::Permission& permission) {
  constexpr std::size_t kNode = 64;  // of the set
  return kNode + sizeof permission + permission.action.size() + permission.resource.size() +
         permission.passed_to.size();
}

}  // namespace

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
  if (permissions.contains(permission)) return true;
  if (permissions.size() >= kMost) {
    more = true;
    return false;
  }
  bytes += bytes_of(permission);
  permissions.insert(std::move(permission));
  return true;
}

void SeenPermissions::add(const AuditRecord& record) {
  if (record.permissions.empty()) return;
  std::string name = permission_holder(record.caller_arn);
  if (name.empty()) return;
  const std::lock_guard lock(mutex_);
  Holder& holder = seen_[std::move(name)];
  holder.seen = ++calls_;
  const std::size_t before = holder.needed.bytes;
  for (const iam::Permission& each : record.permissions) holder.needed.add(each);
  bytes_ += holder.needed.bytes - before;
  while (seen_.size() > kMaxHolders || bytes_ > kMaxBytes) forget_oldest();
}

/// Not the one that was seen just now: it has kMost permissions at most, which fit.
void SeenPermissions::forget_oldest() {
  const auto oldest =
      std::min_element(seen_.begin(), seen_.end(),
                       [](const auto& a, const auto& b) { return a.second.seen < b.second.seen; });
  bytes_ -= oldest->second.needed.bytes;
  seen_.erase(oldest);
  ++forgotten_;
}

NeededPermissions SeenPermissions::of(std::string_view holder) const {
  const std::lock_guard lock(mutex_);
  const auto found = seen_.find(holder);
  return found == seen_.end() ? NeededPermissions() : found->second.needed;
}

std::vector<std::string> SeenPermissions::holders() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& [name, holder] : seen_) out.push_back(name);
  return out;
}

std::size_t SeenPermissions::forgotten() const {
  const std::lock_guard lock(mutex_);
  return forgotten_;
}

}  // namespace imdsd::gateway
