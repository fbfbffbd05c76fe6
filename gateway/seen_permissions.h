// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/audit.h"
#include "iam/permission.h"

namespace imdsd::gateway {

/// Whom permissions are of: the user or role behind an ARN, whatever its path and session, as
/// "123456789012:role/app-role". Empty for what is neither a user, a role, a federated user nor
/// root.
[[nodiscard]] std::string permission_holder(std::string_view caller_arn);

/// What one principal needed.
struct NeededPermissions {
  std::set<iam::Permission> permissions;
  std::size_t bytes = 0;  // that they take, about
  bool more = false;      // that are not kept any more

  static constexpr std::size_t kMost = 2000;
  /// False, and `more`, when there are kMost already.
  bool add(iam::Permission permission);
};

/// What principals were seen to need since the start, each permission once. Thread-safe; bounded:
/// beyond kMaxHolders or kMaxBytes, those that were not seen for longest are forgotten.
class SeenPermissions {
 public:
  static constexpr std::size_t kMaxHolders = 1000;
  static constexpr std::size_t kMaxBytes = 64U << 20;

  void add(const AuditRecord& record);
  /// Empty of a holder that was not seen.
  [[nodiscard]] NeededPermissions of(std::string_view holder) const;
  [[nodiscard]] std::vector<std::string> holders() const;
  /// How many holders were forgotten.
  [[nodiscard]] std::size_t forgotten() const;

 private:
  struct Holder {
    NeededPermissions needed;
    std::uint64_t seen = 0;  // the number of the last call
  };
  void forget_oldest();

  mutable std::mutex mutex_;
  std::map<std::string, Holder, std::less<>> seen_;
  std::uint64_t calls_ = 0;
  std::size_t bytes_ = 0;  // of all holders
  std::size_t forgotten_ = 0;
};

}  // namespace imdsd::gateway
