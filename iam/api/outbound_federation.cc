// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_getting_started.html
#include "aws/ids.h"
#include "iam/api/account.h"
#include "iam/api/errors.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

Failure disabled(const Call& call) {
  return aws::service_error(
      404, "FeatureDisabled",
      "Outbound web identity federation is disabled for account " + call.account() + ".");
}

void write_issuer(Call& call, const Account& account) {
  call.xml.leaf("IssuerIdentifier", std::string(call.context.issuer_url) + "/" + account.issuer_id);
}

}  // namespace

Outcome<void> enable_outbound_web_identity_federation(Call& call) {
  auto enabled = change_account(call, [&](Account& account, Transaction&) -> Outcome<void> {
    if (account.outbound_federation) {
      return aws::service_error(409, "FeatureEnabled",
                                "Outbound web identity federation is already enabled for account " +
                                    call.account() + ".");
    }
    // Whoever trusts the account's issuer goes on to do so when it is enabled again.
    if (account.issuer_id.empty()) account.issuer_id = aws::make_uuid(call.context.random);
    account.outbound_federation = true;
    return {};
  });
  if (enabled) write_issuer(call, *find_account(call, *call.directory));
  return enabled;
}

Outcome<void> disable_outbound_web_identity_federation(Call& call) {
  return change_account(call, [&](Account& account, Transaction&) -> Outcome<void> {
    if (!account.outbound_federation) return disabled(call);
    account.outbound_federation = false;
    return {};
  });
}

Outcome<void> get_outbound_web_identity_federation_info(Call& call) {
  const auto account = find_account(call, *call.directory);
  if (!account || !account->outbound_federation) return disabled(call);
  write_issuer(call, *account);
  call.xml.leaf("JwtVendingEnabled", "true");
  return {};
}

}  // namespace imdsd::iam::api
