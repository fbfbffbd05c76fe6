// SPDX-License-Identifier: MIT
// What concerns an account as a whole.
#pragma once

#include "iam/api/call.h"
#include "iam/api/find.h"
#include "iam/api/parameters.h"

namespace imdsd::iam::api {

/// `change(Account&, Transaction&)` on the caller's account, which is made on first use.
template <class Change>
[[nodiscard]] aws::Outcome<void> change_account(Call& call, Change change) {
  return call.write([&](Transaction& transaction) -> aws::Outcome<void> {
    const auto found = find_account(call, transaction.directory());
    Account account;
    if (found) {
      account = *found;
    } else {
      account.account = account.name = account.unique_id = call.account();
      account.created = transaction.now();
    }
    if (aws::Outcome<void> changed = change(account, transaction); !changed) return changed;
    transaction.put(std::move(account));
    return {};
  });
}

[[nodiscard]] aws::Outcome<void> get_account_password_policy(Call& call);
[[nodiscard]] aws::Outcome<void> update_account_password_policy(Call& call);
[[nodiscard]] aws::Outcome<void> delete_account_password_policy(Call& call);
extern const Parameter kMinimumPasswordLength, kRequireSymbols, kRequireNumbers, kRequireUppercase,
    kRequireLowercase, kAllowUsersToChangePassword, kMaxPasswordAge, kPasswordReusePrevention,
    kHardExpiry;

[[nodiscard]] aws::Outcome<void> enable_outbound_web_identity_federation(Call& call);
[[nodiscard]] aws::Outcome<void> disable_outbound_web_identity_federation(Call& call);
[[nodiscard]] aws::Outcome<void> get_outbound_web_identity_federation_info(Call& call);

[[nodiscard]] aws::Outcome<void> get_account_authorization_details(Call& call);
extern const Parameter kFilter;

[[nodiscard]] aws::Outcome<void> generate_credential_report(Call& call);
[[nodiscard]] aws::Outcome<void> get_credential_report(Call& call);

}  // namespace imdsd::iam::api
