// SPDX-License-Identifier: MIT
// Entities that a request names, or the error that says that they are not there.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "iam/api/call.h"

namespace imdsd::iam::api {

/// The root user asks about itself: it has neither access keys nor devices nor a password here.
[[nodiscard]] bool is_about_root(const Call& call);

/// UserName, or the calling user. ValidationError for a caller that is no user and names none.
[[nodiscard]] aws::Outcome<std::string> user_name(const Call& call);

[[nodiscard]] aws::Outcome<std::shared_ptr<const User>> find_user(const Call& call,
                                                                  const Directory& directory);
[[nodiscard]] aws::Outcome<std::shared_ptr<const Group>> find_group(const Call& call,
                                                                    const Directory& directory);
[[nodiscard]] aws::Outcome<std::shared_ptr<const Role>> find_role(const Call& call,
                                                                  const Directory& directory);
[[nodiscard]] aws::Outcome<std::shared_ptr<const InstanceProfile>> find_instance_profile(
    const Call& call, const Directory& directory);
/// SerialNumber. A device of another account is not found.
[[nodiscard]] aws::Outcome<std::shared_ptr<const MfaDevice>> find_mfa_device(
    const Call& call, const Directory& directory);
/// The caller's account; null as long as nothing was ever set of it.
[[nodiscard]] std::shared_ptr<const Account> find_account(const Call& call,
                                                          const Directory& directory);

/// ValidationError or InvalidInput for a PolicyArn that no policy can have.
[[nodiscard]] aws::Outcome<void> check_policy_arn(const Call& call);
/// The account's policy PolicyArn, or AWS's.
[[nodiscard]] aws::Outcome<std::shared_ptr<const ManagedPolicy>> find_policy(
    const Call& call, const Directory& directory);
/// The same, to change it: AccessDenied for a policy of AWS's, which is in no customer's hand.
/// `attempt` is what AWS says that it cannot do: "delete policies".
[[nodiscard]] aws::Outcome<std::shared_ptr<const ManagedPolicy>> find_own_policy(
    const Call& call, const Directory& directory, std::string_view attempt);
/// The same for what AWS's words are not known of.
[[nodiscard]] aws::Outcome<std::shared_ptr<const ManagedPolicy>> find_own_policy(
    const Call& call, const Directory& directory);

}  // namespace imdsd::iam::api
