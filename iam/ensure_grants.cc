// SPDX-License-Identifier: MIT
#include "iam/ensure_grants.h"

#include <algorithm>

#include "iam/managed_policy_lookup.h"

namespace imdsd::iam {
namespace {

bool check_policy(const std::string& label, const std::string& arn, EnsureRun& run) {
  if (find_managed_policy(run.directory(), arn)) return true;
  run.fail(label, "there is no managed policy `" + arn + "`");
  return false;
}

}  // namespace

void ensure_grants(const std::string& label, const Declarations::Granted& declared, Grants& grants,
                   EnsureRun& run) {
  drop_undeclared(grants.inline_policies, [&](const InlinePolicy& policy) {
    return std::any_of(declared.policies.begin(), declared.policies.end(),
                       [&](const NamedPolicy& other) { return other.name == policy.name; });
  });
  for (const NamedPolicy& policy : declared.policies) {
    const auto at = std::lower_bound(
        grants.inline_policies.begin(), grants.inline_policies.end(), policy.name,
        [](const InlinePolicy& a, const std::string& name) { return a.name < name; });
    if (at != grants.inline_policies.end() && at->name == policy.name) {
      // One of the API's, with another text, is the file's from now on, and goes with it.
      if (at->document->text != policy.document->text) at->origin = Origin::config;
      at->document = policy.document;
    } else {
      grants.inline_policies.insert(at, InlinePolicy{policy, Origin::config});
    }
  }
  drop_undeclared(grants.attached, [&](const Attachment& attachment) {
    return std::count(declared.attached.begin(), declared.attached.end(), attachment.policy_arn) !=
           0;
  });
  for (const std::string& arn : declared.attached) {
    if (!check_policy(label, arn, run)) continue;
    const bool known =
        std::any_of(grants.attached.begin(), grants.attached.end(),
                    [&](const Attachment& other) { return other.policy_arn == arn; });
    if (!known) grants.attached.push_back({arn, Origin::config});
  }
}

void ensure_boundary(const std::string& label, const std::optional<std::string>& declared,
                     std::string& boundary, EnsureRun& run) {
  if (!declared) return;
  if (declared->empty() || check_policy(label, *declared, run)) boundary = *declared;
}

}  // namespace imdsd::iam
