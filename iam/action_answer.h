// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/service_error.h"
#include "iam/evaluate.h"
#include "iam/explain.h"
#include "iam/permission.h"

namespace imdsd::iam {

/// The answer of an action of a Query service, and the decision behind it if one was taken (for
/// audit).
struct ActionAnswer {
  aws::Outcome<std::string> xml;
  std::optional<Decision> decision = std::nullopt;
  std::string resource = {};                 // ARN that the decision is about
  Explanation explanation = {};              // of a denial
  std::vector<Permission> permissions = {};  // that were decided about
  std::string vouched_for = {};  // of an unsigned action: an identity provider, and whom it names
  bool would_deny = false;       // audit mode let pass what enforce would refuse
};

}  // namespace imdsd::iam
