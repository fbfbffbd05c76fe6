// SPDX-License-Identifier: MIT
#include "sts/organization.h"

#include <algorithm>

namespace imdsd::sts {
namespace {

bool contains(const std::vector<std::string>& accounts, const std::string& account) {
  return std::find(accounts.begin(), accounts.end(), account) != accounts.end();
}

}  // namespace

bool Organization::manages_root(const std::string& account) const {
  return !management_account.empty() &&
         (account == management_account || contains(delegated_administrators, account));
}

bool Organization::has_member(const std::string& account) const {
  return account != management_account &&
         (contains(member_accounts, account) || contains(delegated_administrators, account));
}

}  // namespace imdsd::sts
