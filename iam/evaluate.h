// SPDX-License-Identifier: MIT
// The decision. Pure: no clock, no I/O, no failure; deny by default
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
//
// 1. An explicit deny in any layer that applies ends it.
// 2. Service control policies (of the caller's account) and resource control policies (of the
//    resource's) must allow where there are any. Neither binds service principals; the first binds
//    only users, roles and root.
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

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/arn.h"
#include "iam/caller.h"
#include "iam/condition.h"
#include "iam/policy_document.h"

namespace imdsd::iam {

struct RequestContext {
  const Caller* caller = nullptr;
  std::string action;                // "sts:AssumeRole"
  std::optional<aws::Arn> resource;  // none for actions without one
  std::string resource_account;      // the account that owns the resource
  ConditionKeys keys;
};

/// The policies that apply. Empty layers that do not apply are nullopt; an empty vector applies and
/// allows nothing.
struct PolicySet {
  std::vector<NamedPolicy> identity;
  std::optional<NamedPolicy> resource;  // of a role: its trust policy
  std::optional<NamedPolicy> boundary;
  std::optional<std::vector<NamedPolicy>> session;
  std::optional<std::vector<NamedPolicy>> service_control;
  std::optional<std::vector<NamedPolicy>> resource_control;
  /// sts:AssumeRole*: the resource policy must allow, even in the same account.
  bool resource_must_allow = false;
};

enum class Layer : std::size_t {
  service_control,
  resource_control,
  resource,
  identity,
  boundary,
  session
};
inline constexpr std::size_t kLayerCount = 6;
enum class Verdict { not_applicable, allow, implicit_deny, explicit_deny };

/// A statement that matched the request.
struct Match {
  Layer layer = Layer::identity;
  Effect effect = Effect::deny;
  std::string policy;
  std::string sid;
  std::size_t statement_index = 0;
  unsigned line = 0;
};

/// Never a bool: what was decided, by which layer, and by which statements.
struct Decision {
  enum class Reason { allowed, explicit_deny, implicit_deny } reason = Reason::implicit_deny;
  Layer decided_by = Layer::identity;  // the layer that denied, or that allowed
  std::array<Verdict, kLayerCount> verdicts{};
  std::vector<Match> matches;
  [[nodiscard]] bool allowed() const noexcept { return reason == Reason::allowed; }
};

[[nodiscard]] Decision evaluate(const PolicySet& policies, const RequestContext& request);

/// "because no identity-based policy allows the sts:AssumeRole action", "with an explicit deny in
/// …".
[[nodiscard]] std::string describe_denial(const Decision& decision, std::string_view action);

}  // namespace imdsd::iam
