// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "aws/arn.h"
#include "aws/service_error.h"
#include "iam/condition_keys.h"
#include "sts/service.h"

namespace imdsd::sts {

/// An action that the caller's own policies decide alone, as all do that are not about a role.
struct OwnAction {
  std::string_view name;  // "sts:GetFederationToken"
  std::optional<aws::Arn> resource = std::nullopt;
  iam::ConditionKeys keys = {};  // of the action
};

/// What was decided goes into `answer`; 403 AccessDenied with its reason comes back where the mode
/// does not let it pass.
[[nodiscard]] std::optional<aws::ServiceError> refuse_action(const ActionRequest& request,
                                                             const OwnAction& action,
                                                             ActionAnswer& answer);

}  // namespace imdsd::sts
