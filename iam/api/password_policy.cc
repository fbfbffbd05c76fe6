// SPDX-License-Identifier: MIT
#include "iam/api/account.h"
#include "iam/api/errors.h"

namespace imdsd::iam::api {

using aws::Outcome;

constinit const Parameter kMinimumPasswordLength{"MinimumPasswordLength", Shape::integer, 6, 128};
constinit const Parameter kRequireSymbols{"RequireSymbols", Shape::boolean};
constinit const Parameter kRequireNumbers{"RequireNumbers", Shape::boolean};
constinit const Parameter kRequireUppercase{"RequireUppercaseCharacters", Shape::boolean};
constinit const Parameter kRequireLowercase{"RequireLowercaseCharacters", Shape::boolean};
constinit const Parameter kAllowUsersToChangePassword{"AllowUsersToChangePassword", Shape::boolean};
constinit const Parameter kMaxPasswordAge{"MaxPasswordAge", Shape::integer, 1, 1095};
constinit const Parameter kPasswordReusePrevention{"PasswordReusePrevention", Shape::integer, 1,
                                                   24};
constinit const Parameter kHardExpiry{"HardExpiry", Shape::boolean};

Outcome<void> get_account_password_policy(Call& call) {
  const auto account = find_account(call, *call.directory);
  if (!account || !account->password_policy) {
    return no_such_entity("The Password Policy with domain name " + call.account() +
                          " cannot be found.");
  }
  const PasswordPolicy& policy = *account->password_policy;
  const auto flag = [&](std::string_view name, bool value) {
    call.xml.leaf(name, value ? "true" : "false");
  };
  const auto number = [&](std::string_view name, unsigned value) {
    call.xml.leaf(name, std::to_string(value));
  };
  call.xml.open("PasswordPolicy");
  number("MinimumPasswordLength", policy.minimum_length);
  flag("RequireSymbols", policy.require_symbols);
  flag("RequireNumbers", policy.require_numbers);
  flag("RequireUppercaseCharacters", policy.require_uppercase);
  flag("RequireLowercaseCharacters", policy.require_lowercase);
  flag("AllowUsersToChangePassword", policy.users_may_change);
  flag("ExpirePasswords", policy.max_age_days > 0);
  if (policy.max_age_days > 0) number("MaxPasswordAge", policy.max_age_days);
  if (policy.reuse_prevention > 0) number("PasswordReusePrevention", policy.reuse_prevention);
  if (policy.hard_expiry) flag("HardExpiry", *policy.hard_expiry);
  call.xml.close();
  return {};
}

/// What the request leaves out gets its default, whatever it was before.
Outcome<void> update_account_password_policy(Call& call) {
  const auto flag = [&](const Parameter& parameter) {
    return read_boolean(call.parameters, parameter.name, false);
  };
  const auto number = [&](const Parameter& parameter, std::int32_t fallback) {
    return static_cast<unsigned>(read_integer(call.parameters, parameter.name, fallback));
  };
  PasswordPolicy policy;
  policy.minimum_length =
      number(kMinimumPasswordLength, static_cast<std::int32_t>(policy.minimum_length));
  policy.require_symbols = flag(kRequireSymbols);
  policy.require_numbers = flag(kRequireNumbers);
  policy.require_uppercase = flag(kRequireUppercase);
  policy.require_lowercase = flag(kRequireLowercase);
  policy.users_may_change = flag(kAllowUsersToChangePassword);
  policy.max_age_days = number(kMaxPasswordAge, 0);
  policy.reuse_prevention = number(kPasswordReusePrevention, 0);
  if (call.has(kHardExpiry.name)) policy.hard_expiry = flag(kHardExpiry);
  return change_account(call, [&](Account& account, Transaction&) -> Outcome<void> {
    account.password_policy = policy;
    return {};
  });
}

Outcome<void> delete_account_password_policy(Call& call) {
  return change_account(call, [](Account& account, Transaction&) -> Outcome<void> {
    if (!account.password_policy) {
      return no_such_entity("The account policy with name PasswordPolicy cannot be found.");
    }
    account.password_policy.reset();
    return {};
  });
}

}  // namespace imdsd::iam::api
