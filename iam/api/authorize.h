// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "iam/api/operation.h"
#include "iam/api/service.h"
#include "iam/directory.h"
#include "iam/evaluate.h"

namespace imdsd::iam::api {

/// What an action acts on, as its authorization sees it.
struct Target {
  std::string arn;        // "*" for the account
  std::vector<Tag> tags;  // of an entity that exists
  std::string boundary;   // its permissions boundary, or the one that the request gives
};

/// An entity that is not there has an ARN without a path: a caller whose rights are bound to a path
/// learns nothing about it.
[[nodiscard]] Target target_of(const Operation& operation, const ActionRequest& request,
                               const Directory& directory, std::string_view partition);

struct Decided {
  Decision decision;
  Permission permission;
  Explanation explanation;  // of a denial
};

/// May the caller do this? Everything but the mode is taken into account.
[[nodiscard]] Decided decide(const Operation& operation, const ActionRequest& request,
                             const Target& target, const Directory& directory,
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
