// SPDX-License-Identifier: MIT
#include "iam/managed_policies.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "aws/time_format.h"
#include "iam/embedded_data.h"
#include "iam/partitions.h"

namespace imdsd::iam {
namespace {

/// After the last slash of the ARN.
std::string_view name_of(std::string_view arn) {
  return arn.substr(arn.rfind('/') + 1);
}

/// INVARIANT: tools/derive_managed_policies.py writes such times; the tests read all.
base::SystemTime time_of(std::string_view text) {
  const auto time = aws::parse_iso8601(text);
  assert(time);
  return time ? *time : base::SystemTime{};
}

std::vector<ManagedPolicyData> read_policies() {
  std::vector<ManagedPolicyData> out;
  for_each_row(managed_policies_text(), [&](const std::vector<std::string_view>& row) {
    const std::string_view arn = row[0];
    const std::string_view name = name_of(arn);
    const std::size_t path = arn.find('/');
    out.push_back({.arn = arn,
                   .path = arn.substr(path, arn.size() - name.size() - path),
                   .name = name,
                   .policy_id = row[1],
                   .default_version = row[2],
                   .create_date = time_of(row[3]),
                   .update_date = time_of(row[4]),
                   .document = row[5]});
  });
  return out;
}

/// One of each policy, filled when it is first asked for.
struct ParsedOnce {
  std::once_flag once;
  std::shared_ptr<const PolicyDocument> document;
};

/// Of one partition. Those that nobody attaches in it take no memory to speak of.
struct ParsedDocuments {
  std::vector<ParsedOnce> of{managed_policies().size()};
};

/// INVARIANT: every document parses; the tests parse all. One that did not would allow nothing.
std::shared_ptr<const PolicyDocument> parse_document(std::string_view text) {
  auto parsed = parse_policy(text, PolicyKind::identity);
  assert(parsed);
  return std::make_shared<const PolicyDocument>(parsed ? std::move(parsed->document)
                                                       : PolicyDocument{});
}

}  // namespace

std::span<const ManagedPolicyData> managed_policies() {
  static const std::vector<ManagedPolicyData> policies = read_policies();
  return policies;
}

const ManagedPolicyData* find_managed_policy(std::string_view arn) {
  const auto all = managed_policies();
  const std::string_view name = name_of(arn);
  const auto at = std::lower_bound(all.begin(), all.end(), name,
                                   [](const ManagedPolicyData& policy, std::string_view wanted) {
                                     return policy.name < wanted;
                                   });
  return at != all.end() && at->arn == arn ? &*at : nullptr;
}

std::string in_partition(std::string_view text, std::string_view partition) {
  std::string out(text);
  if (partition == kDataPartition) return out;
  constexpr std::string_view kPrefix = "arn:aws:";
  const std::string prefix = "arn:" + std::string(partition) + ":";
  for (std::size_t at = out.find(kPrefix); at != std::string::npos;
       at = out.find(kPrefix, at + prefix.size())) {
    out.replace(at, kPrefix.size(), prefix);
  }
  return out;
}

NamedPolicy managed_policy(const ManagedPolicyData& policy, std::string_view partition) {
  static std::array<ParsedDocuments, kPartitions.size()> documents;
  const auto* const known = std::find(kPartitions.begin(), kPartitions.end(), partition);
  assert(known != kPartitions.end());
  auto& of_partition = documents[static_cast<std::size_t>(known - kPartitions.begin())].of;
  ParsedOnce& slot = of_partition[static_cast<std::size_t>(&policy - managed_policies().data())];
  std::call_once(slot.once,
                 [&] { slot.document = parse_document(in_partition(policy.document, partition)); });
  return {std::string(policy.name), in_partition(policy.arn, partition), slot.document};
}

}  // namespace imdsd::iam
