// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "iam/api/operation.h"
#include "iam/api/service.h"
#include "iam/directory.h"

namespace imdsd::iam::api {

/// What an action acts on, as its authorization sees it.
struct Target {
  std::string arn;         // "*" for the account
  std::vector<Tag> tags;   // of an entity that exists
  std::string boundary;    // its permissions boundary, or the one that the request gives
  std::string label = {};  // "role app": what a denial calls it; empty: its ARN

  [[nodiscard]] const std::string& name_in_denial() const { return label.empty() ? arn : label; }
};

/// A permission that a call needs.
struct Need {
  std::string action;  // "iam:CreateRole"
  Target target;
};

/// That of the action itself, and behind it what its parameters ask for beside: tags that an entity
/// is created with need `iam:TagRole` and its like on it
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_roles.html), and who gives a user or
/// group another name or path needs the action on what it becomes as well
/// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html).
///
/// An entity that is not there has an ARN without a path: a caller whose rights are bound to a path
/// learns nothing about it.
[[nodiscard]] std::vector<Need> needs_of(const Operation& operation, const ActionRequest& request,
                                         const Directory& directory, std::string_view partition);

}  // namespace imdsd::iam::api
