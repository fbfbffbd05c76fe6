// SPDX-License-Identifier: MIT
// The managed policies that AWS itself keeps, arn:aws:iam::aws:policy/…: those that people attach.
// The data are linked into the program (iam/data/managed_policies.tsv, docs/third-party.md); they
// are indexed at first use, and a document is parsed when it is first asked for. Thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "iam/policy_document.h"

namespace imdsd::iam {

/// Views live as long as the program. AWS's descriptions are not known; the policy id is ours.
struct ManagedPolicyData {
  std::string_view arn;              // "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
  std::string_view path;             // "/job-function/"
  std::string_view name;             // "ViewOnlyAccess"
  std::string_view policy_id;        // ANPA…: made from the name, so always the same
  std::string_view default_version;  // "v46"; earlier versions are not kept
  base::SystemTime create_date;
  base::SystemTime update_date;  // when the default version was made
  std::string_view document;     // compact JSON
};

/// All of them, sorted by name.
[[nodiscard]] std::span<const ManagedPolicyData> managed_policies();

/// nullptr for any other ARN. With case, as AWS compares ARNs.
[[nodiscard]] const ManagedPolicyData* find_managed_policy(std::string_view arn);

/// The partition of the ARNs in the data.
inline constexpr std::string_view kDataPartition = "aws";

/// `text` of the data, as it is in another partition: with its ARNs.
[[nodiscard]] std::string in_partition(std::string_view text, std::string_view partition);

/// The policy as it is attached; `policy` comes from managed_policies(). The same document each
/// time: parsed once for each partition. Precondition: is_partition(partition).
[[nodiscard]] NamedPolicy managed_policy(const ManagedPolicyData& policy,
                                         std::string_view partition = kDataPartition);

}  // namespace imdsd::iam
