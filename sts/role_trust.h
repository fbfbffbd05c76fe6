// SPDX-License-Identifier: MIT
// May this principal have a session of that role? One answer for AssumeRole,
// AssumeRoleWithWebIdentity and AssumeRoleWithSAML.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/arn.h"
#include "aws/service_error.h"
#include "iam/condition_keys.h"
#include "iam/directory.h"
#include "sts/service.h"
#include "sts/session_tags.h"

namespace imdsd::sts {

/// Text that passed kRoleArnRule. 400 ValidationError for what is no ARN, or not of a role.
[[nodiscard]] aws::Outcome<aws::Arn> parse_role_arn(std::string_view text);
/// The role that this ARN names, path included; null without one.
[[nodiscard]] std::shared_ptr<const iam::Role> find_role(const aws::Arn& arn,
                                                         const Authority& authority);

/// A session that somebody asks for. References outlive the decision.
struct RoleAssumption {
  std::string_view action;    // "sts:AssumeRole", "sts:AssumeRoleWithSAML" …
  const iam::Caller& caller;  // whom a provider vouches for, where that is who asks
  const aws::Arn& role_arn;
  std::shared_ptr<const iam::Role> role;  // null: there is none, which nobody is told
  std::string session_name;
  const SessionTags& tags;                          // with those inherited
  std::string source_identity = {};                 // empty: none
  bool has_contexts = false;                        // ProvidedContexts
  std::vector<std::string> context_providers = {};  // their ARNs
  iam::ConditionKeys keys = {};                     // more that the action has: sts:ExternalId
  iam::ConditionKeys shared_keys{};  // more for all: a provider's claims, that a code was shown
};

/// The role's trust policy and the caller's own policies, as they are now, on each action that this
/// takes: sts:SetSourceIdentity if the session has a source identity, `action`, sts:TagSession if
/// it has tags, sts:SetContext if contexts are given; the first denial counts. What was decided
/// goes into `answer`, and 403 AccessDenied comes back where the mode does not let it pass; a role
/// that does not exist is denied in the same words, in any mode.
[[nodiscard]] std::optional<aws::ServiceError> refuse_assumption(const ActionRequest& request,
                                                                 const RoleAssumption& assumption,
                                                                 ActionAnswer& answer);

}  // namespace imdsd::sts
