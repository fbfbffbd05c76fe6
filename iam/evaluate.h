// SPDX-License-Identifier: MIT
// The decision. Pure: no clock, no I/O, no failure; deny by default
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
//
// 1. An explicit deny in any layer that applies ends it.
// 2. Service control policies (of the caller's account) and resource control policies (of the
//    resource's) must allow where there are any. The first bind users, roles and root alone, the
//    second everybody, service principals too, but no action of IAM or EC2.
// 3. What else must allow depends on whom the resource policy's allowing statement names. "must":
//    the layer must allow if there is one; identity policies are always there, be they none.
//
//    caller, resource policy            | resource | identity | boundary | session
//    -----------------------------------+----------+----------+----------+--------
//    service, web identity, SAML,       |          |          |          |
//    anonymous                          | must     | -        | -        | -
//    same account, it names             |          |          |          |
//      the user, the session, or `*`    | allows   | -        | -        | -
//      the session's role (or user)     | allows   | -        | must     | must
//      the account                      | allows   | must     | must     | must
//      nobody that the caller is        | - (1)    | must     | must     | must
//    another account, whoever it names  | must     | must     | must     | must
//
//    (1) With resource_must_allow, as for the trust policy of sts:AssumeRole, this is a deny.
//    The root user of an account is as if its identity policies allowed everything.
#pragma once

#include <optional>
#include <string>

#include "aws/arn.h"
#include "iam/caller.h"
#include "iam/condition_keys.h"
#include "iam/decision.h"
#include "iam/policy_set.h"

namespace imdsd::iam {

struct RequestContext {
  const Caller* caller = nullptr;
  std::string action;                // "sts:AssumeRole"
  std::optional<aws::Arn> resource;  // none for actions without one
  std::string resource_account;      // the account that owns the resource
  ConditionKeys keys;
};

/// Does the resource belong to an account that is known and not the caller's?
[[nodiscard]] bool is_cross_account(const RequestContext& request);

[[nodiscard]] Decision evaluate(const PolicySet& policies, const RequestContext& request);

}  // namespace imdsd::iam
