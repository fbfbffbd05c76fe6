// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace imdsd::sts {

/// An organization of accounts whose root users are managed in one place
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management).
struct Organization {
  std::string management_account;  // empty: there is no organization
  std::vector<std::string> delegated_administrators;
  std::vector<std::string> member_accounts;  // besides the delegated administrators

  [[nodiscard]] bool manages_root(const std::string& account) const;
  /// The management account is none of its members, and its root nobody's to assume.
  [[nodiscard]] bool has_member(const std::string& account) const;
};

}  // namespace imdsd::sts
