// SPDX-License-Identifier: MIT
#include "iam/ensure_policy.h"

#include <algorithm>

namespace imdsd::iam {
namespace {

// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
constexpr std::size_t kMaxVersions = 5;

using Versions = std::vector<ManagedPolicyVersion>;

/// The file's own rather than one of the API's with the same text; the newest of each.
const ManagedPolicyVersion* version_with(const std::string& text, const Versions& versions) {
  const ManagedPolicyVersion* found = nullptr;
  for (const ManagedPolicyVersion& version : versions) {
    if (version.document->text != text) continue;
    if (!found || version.origin == Origin::config || found->origin == Origin::api) {
      found = &version;
    }
  }
  return found;
}

/// Makes room for one more, which will be the default: the oldest of the file's goes, else the
/// oldest of the API's that is not in force. Which one of the API's went; empty: none.
std::string make_room(ManagedPolicy& policy) {
  Versions& versions = policy.versions;
  if (versions.size() < kMaxVersions) return {};
  auto at = std::ranges::find(versions, Origin::config, &ManagedPolicyVersion::origin);
  if (at == versions.end()) {
    at = std::ranges::find_if(versions, [&](const ManagedPolicyVersion& version) {
      return version.id != policy.default_version;
    });
  }
  const std::string dropped = at->origin == Origin::api ? at->id : "";
  versions.erase(at);
  return dropped;
}

void set_default(const Declarations::DeclaredPolicy& declared, base::SystemTime now,
                 ManagedPolicy& policy, EnsureReport& report) {
  const ManagedPolicyVersion former = policy.default_document();
  EnsureReport::Versions changed;
  changed.arn = arn_of(policy);
  if (former.origin == Origin::api) changed.overruled = former.id;
  if (const auto* const known = version_with(declared.document->text, policy.versions)) {
    policy.default_version = known->id;
  } else {
    changed.dropped = make_room(policy);
    policy.default_version = "v" + std::to_string(++policy.last_version);
    policy.versions.push_back({policy.default_version, declared.document, now, Origin::config});
  }
  policy.updated = now;
  changed.default_version = policy.default_version;
  if (!changed.overruled.empty() || !changed.dropped.empty()) {
    report.versions.push_back(std::move(changed));
  }
}

}  // namespace

void ensure_policy(const Declarations::DeclaredPolicy& declared, EnsureRun& run,
                   EnsureReport& report) {
  auto policy = run.begin<ManagedPolicy>(declared);
  if (!policy) return;
  if (declared.description) policy->description = *declared.description;
  if (policy->versions.empty()) {
    policy->versions.push_back({"v1", declared.document, run.now(), Origin::config});
    policy->default_version = "v1";
    policy->updated = run.now();
  } else if (policy->default_document().document->text != declared.document->text) {
    set_default(declared, run.now(), *policy, report);
  }
  run.put(*std::move(policy));
}

void drop_file_versions(ManagedPolicy& policy) {
  Versions kept = policy.versions;
  drop_undeclared(kept, [](const ManagedPolicyVersion&) { return false; });
  if (kept.empty()) {
    // The API has deleted its own; a policy without a version there is not.
    kept = {policy.default_document()};
    kept.front().origin = Origin::api;
  }
  policy.versions = std::move(kept);
  if (policy.find_version(policy.default_version) == nullptr) {
    policy.default_version = policy.versions.back().id;
  }
}

}  // namespace imdsd::iam
