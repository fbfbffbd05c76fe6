// SPDX-License-Identifier: MIT
#include "iam/api/policy_versions.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "iam/api/change.h"
#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/paging.h"
#include "iam/api/policy_input.h"
#include "iam/api/shapes.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

constexpr std::size_t kMaxManagedPolicy = 6144;
constexpr std::size_t kMaxVersions = 5;

/// The members of a PolicyVersion but its document, which GetPolicyVersion alone shows.
void write_version(base::XmlWriter& xml, const ManagedPolicy& policy,
                   const ManagedPolicyVersion& version) {
  xml.leaf("VersionId", version.id)
      .leaf("IsDefaultVersion", version.id == policy.default_version ? "true" : "false")
      .leaf("CreateDate", date(version.created));
}

Failure no_such_version(const Call& call) {
  return no_such_entity("Policy " + call.text("PolicyArn") + " version " + call.text("VersionId") +
                        " does not exist or is not attachable.");
}

/// A policy that is not there, in the words for a version that is not there.
Found<ManagedPolicy> with_version(const Call& call, Found<ManagedPolicy> policy) {
  if (!policy && policy.error().code == "NoSuchEntity") return no_such_version(call);
  return policy;
}

/// Where VersionId is in a policy that is being changed.
Outcome<std::vector<ManagedPolicyVersion>::iterator> find_version(const Call& call,
                                                                  ManagedPolicy& policy) {
  const auto at =
      std::ranges::find(policy.versions, call.text("VersionId"), &ManagedPolicyVersion::id);
  if (at == policy.versions.end()) return no_such_version(call);
  return at;
}

}  // namespace

constinit const Parameter kVersionId{"VersionId", Shape::version_id, 2, 64};
constinit const Parameter kSetAsDefault{"SetAsDefault", Shape::boolean};

Outcome<std::shared_ptr<const PolicyDocument>> read_managed_document(const Call& call,
                                                                     const std::string& name) {
  auto document =
      read_policy(call.text("PolicyDocument"), PolicyKind::managed, "policy `" + name + "`");
  if (!document) return tl::unexpected(std::move(document).error());
  if (policy_size(document->text) > kMaxManagedPolicy) {
    return quota_exceeded("PolicySize", kMaxManagedPolicy);
  }
  return std::make_shared<const PolicyDocument>(*std::move(document));
}

Outcome<void> create_policy_version(Call& call) {
  const auto found = find_own_policy(call, *call.directory);
  if (!found) return tl::unexpected(found.error());
  auto document = read_managed_document(call, (*found)->name);
  if (!document) return tl::unexpected(std::move(document).error());
  std::string id;
  auto written = call.write([&](Transaction& transaction) -> Outcome<void> {
    auto before = find_own_policy(call, transaction.directory());
    if (!before) return tl::unexpected(std::move(before).error());
    ManagedPolicy policy = clone(**before);
    if (policy.versions.size() >= kMaxVersions) {
      return limit_exceeded(
          "A managed policy can have up to 5 versions. Before you create a new version, you must "
          "delete an existing version.");
    }
    id = "v" + std::to_string(++policy.last_version);
    policy.versions.push_back({id, *document, transaction.now()});
    if (read_boolean(call.parameters, "SetAsDefault", false)) policy.default_version = id;
    policy.updated = transaction.now();
    transaction.put(std::move(policy));
    return {};
  });
  if (!written) return written;
  const auto policy = find_own_policy(call, *call.directory);
  if (!policy) return tl::unexpected(policy.error());
  const auto* const version = (*policy)->find_version(id);
  if (version == nullptr) return no_such_version(call);
  call.xml.open("PolicyVersion");
  write_version(call.xml, **policy, *version);
  call.xml.close();
  return {};
}

Outcome<void> get_policy_version(Call& call) {
  const auto policy = with_version(call, find_policy(call, *call.directory));
  if (!policy) return tl::unexpected(policy.error());
  const auto* const version = (*policy)->find_version(call.text("VersionId"));
  if (version == nullptr) return no_such_version(call);
  call.xml.open("PolicyVersion").leaf("Document", encoded_document(version->document->text));
  write_version(call.xml, **policy, *version);
  call.xml.close();
  return {};
}

Outcome<void> list_policy_versions(Call& call) {
  const auto found = find_policy(call, *call.directory);
  if (!found) return tl::unexpected(found.error());
  const ManagedPolicy& policy = **found;
  std::vector<PageItem> items;
  // Newest first, and the keys grow. The versions themselves are kept oldest first.
  for (std::size_t i = policy.versions.size(); i-- > 0;) {
    const ManagedPolicyVersion& version = policy.versions[i];
    constexpr unsigned long kBehindAll = 9'999'999'999;
    items.push_back({std::to_string(kBehindAll - std::stoul(version.id.substr(1))),
                     [&](base::XmlWriter& xml) { write_version(xml, policy, version); }});
  }
  return write_page(call, "Versions", items);
}

Outcome<void> set_default_policy_version(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    auto before =
        with_version(call, find_own_policy(call, transaction.directory(), "update policies"));
    if (!before) return tl::unexpected(std::move(before).error());
    ManagedPolicy policy = clone(**before);
    const auto version = find_version(call, policy);
    if (!version) return tl::unexpected(version.error());
    policy.default_version = (*version)->id;
    policy.updated = transaction.now();
    transaction.put(std::move(policy));
    return {};
  });
}

Outcome<void> delete_policy_version(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    auto before =
        find_own_policy(call, transaction.directory(), "delete policy versions for policies");
    if (!before) return tl::unexpected(std::move(before).error());
    ManagedPolicy policy = clone(**before);
    const auto version = find_version(call, policy);
    if (!version) return tl::unexpected(version.error());
    if ((*version)->id == policy.default_version) {
      return delete_conflict("Cannot delete the default version of a policy.");
    }
    policy.versions.erase(*version);
    policy.updated = transaction.now();
    transaction.put(std::move(policy));
    return {};
  });
}

}  // namespace imdsd::iam::api
