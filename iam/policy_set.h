// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/inline_vector.h"
#include "iam/policy_document.h"

namespace imdsd::iam {

/// A policy, kept alive together with what holds it.
using PolicyPointer = std::shared_ptr<const NamedPolicy>;
/// Room for what a principal mostly has, without the heap.
using PolicyList = base::InlineVector<PolicyPointer, 12>;

/// Adds policies that live as long as `owner`, such as those of a user.
template <class Owner>
void append(PolicyList& out, const std::shared_ptr<Owner>& owner,
            const std::vector<NamedPolicy>& policies) {
  for (const NamedPolicy& policy : policies) out.push_back(PolicyPointer(owner, &policy));
}

/// The policies that apply. Layers that do not apply are null or nullopt; an empty list applies and
/// allows nothing.
struct PolicySet {
  PolicyList identity;
  PolicyPointer resource;  // of a role: its trust policy
  PolicyPointer boundary;
  std::optional<PolicyList> session;
  std::optional<PolicyList> service_control;
  std::optional<PolicyList> resource_control;
  /// sts:AssumeRole*: the resource policy must allow, even in the same account.
  bool resource_must_allow = false;
};

}  // namespace imdsd::iam
