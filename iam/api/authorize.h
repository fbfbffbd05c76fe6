// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "iam/api/operation.h"
#include "iam/api/service.h"
#include "iam/api/target.h"
#include "iam/directory.h"
#include "iam/evaluate.h"

namespace imdsd::iam::api {

struct Decided {
  Decision decision;
  Permission permission;
  Explanation explanation;  // of a denial
};

/// Does the caller have `need`, which is one of `operation`'s? Everything but the mode is taken
/// into account.
[[nodiscard]] Decided decide(const Need& need, const Operation& operation,
                             const ActionRequest& request, const Directory& directory,
                             const Context& context);

/// iam:PassRole on `role` for `service` ("ec2.amazonaws.com"), which whoever hands a role to a
/// service needs
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
[[nodiscard]] Decided decide_pass_role(const Call& call, const Role& role,
                                       std::string_view service);

/// AccessDenied for a caller who may not pass `role`; in audit mode it is noted only. The answer
/// then tells of this decision.
[[nodiscard]] aws::Outcome<void> require_pass_role(Call& call, const Role& role,
                                                   std::string_view service);

/// "User: … is not authorized to perform: …"
[[nodiscard]] aws::ServiceError access_denied(const Caller& caller, std::string_view action,
                                              std::string_view resource, const Decision& decision);

}  // namespace imdsd::iam::api
