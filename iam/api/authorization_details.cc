// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "iam/api/account.h"
#include "iam/api/errors.h"
#include "iam/api/paging.h"
#include "iam/api/shapes.h"
#include "iam/managed_policy_lookup.h"
#include "iam/principal_binding.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

constexpr std::array<std::string_view, 5> kTypes{"User", "Role", "Group", "LocalManagedPolicy",
                                                 "AWSManagedPolicy"};

void write_inline_policies(base::XmlWriter& xml, std::string_view list, const Grants& grants) {
  xml.open(list);
  for (const InlinePolicy& policy : grants.inline_policies) {
    xml.open("member")
        .leaf("PolicyName", policy.name)
        .leaf("PolicyDocument", encoded_document(policy.document->text))
        .close();
  }
  xml.close();
}

void write_attached(base::XmlWriter& xml, const Grants& grants) {
  xml.open("AttachedManagedPolicies");
  for (const Attachment& attachment : grants.attached) {
    const std::string_view arn = attachment.policy_arn;
    xml.open("member")
        .leaf("PolicyName", arn.substr(arn.rfind('/') + 1))
        .leaf("PolicyArn", arn)
        .close();
  }
  xml.close();
}

void write_detail(const Call& call, const User& user) {
  write_user(call.xml, call, user, Detail::listed);
  // AWS leaves out the empty list here, and writes that of a group or role.
  if (!user.grants.inline_policies.empty()) {
    write_inline_policies(call.xml, "UserPolicyList", user.grants);
  }
  write_attached(call.xml, user.grants);
  call.xml.open("GroupList");
  for (const Membership& membership : user.groups) {
    call.xml.leaf("member", call.directory->find_by_id<Group>(membership.group_id)->name);
  }
  call.xml.close();
  write_boundary(call.xml, user.boundary);
  write_tags(call.xml, user.tags);
}

void write_detail(const Call& call, const Group& group) {
  write_group(call.xml, call, group);
  write_inline_policies(call.xml, "GroupPolicyList", group.grants);
  write_attached(call.xml, group.grants);
}

void write_profiles_of(const Call& call, const Role& role) {
  std::vector<std::shared_ptr<const InstanceProfile>> profiles;
  for (const std::string& id : call.directory->profile_ids_of_role(role.account, role.name)) {
    profiles.push_back(call.directory->find_by_id<InstanceProfile>(id));
  }
  std::sort(profiles.begin(), profiles.end(), [](const auto& a, const auto& b) {
    return base::to_lower(a->name) < base::to_lower(b->name);
  });
  call.xml.open("InstanceProfileList");
  for (const auto& profile : profiles) {
    call.xml.open("member");
    write_instance_profile(call.xml, call, *profile, Detail::listed);
    call.xml.close();
  }
  call.xml.close();
}

void write_detail(const Call& call, const Role& role) {
  // A RoleDetail is no Role: neither Description nor MaxSessionDuration.
  call.xml.leaf("Path", role.path)
      .leaf("RoleName", role.name)
      .leaf("RoleId", role.unique_id)
      .leaf("Arn", call.arn(role))
      .leaf("CreateDate", date(role.created))
      .leaf("AssumeRolePolicyDocument",
            encoded_document(current_text(*role.trust_policy.document, *call.directory)));
  write_profiles_of(call, role);
  write_inline_policies(call.xml, "RolePolicyList", role.grants);
  write_attached(call.xml, role.grants);
  write_boundary(call.xml, role.boundary);
  write_tags(call.xml, role.tags);
  write_last_used(call.xml, call, role);
}

void write_detail(const Call& call, const ManagedPolicy& policy) {
  write_managed_policy(call.xml, call, policy, Detail::listed);
  if (!policy.description.empty()) call.xml.leaf("Description", policy.description);
  call.xml.open("PolicyVersionList");
  // Newest first, as ListPolicyVersions.
  for (auto version = policy.versions.rbegin(); version != policy.versions.rend(); ++version) {
    call.xml.open("member")
        .leaf("Document", encoded_document(version->document->text))
        .leaf("VersionId", version->id)
        .leaf("IsDefaultVersion", version->id == policy.default_version ? "true" : "false")
        .leaf("CreateDate", date(version->created))
        .close();
  }
  call.xml.close();
}

/// One page over all kinds: a page begins behind "user/alice" and goes on with the kinds behind.
class Pager {
 public:
  Pager(Call& call, const PageRequest& page, std::vector<std::string> filter)
      : call_(call), page_(page), filter_(std::move(filter)), begun_(page.after.empty()) {}

  /// Those of a kind that belong to the page.
  template <class T>
  void write(std::string_view type) {
    const std::string prefix = std::string(T::kType) + "/";
    const auto after = begin(prefix, type);
    if (!after) return;
    call_.directory->all<T>().visit(
        call_.account(), *after,
        [&](const std::shared_ptr<const T>& entity) { return add(prefix, *entity); });
  }

  /// Of AWS's own policies those that the account has attached, not all that there are.
  void write_aws_policies() {
    const std::string prefix = "aws-policy/";
    const auto after = begin(prefix, "AWSManagedPolicy");
    if (!after) return;
    for (const auto& listed : aws_policies()) {
      if (listed->name <= *after) continue;
      const std::string arn = call_.arn(*listed);
      if (call_.directory->attachment_count(call_.account(), arn) == 0) continue;
      // With its document as it is in this partition.
      const auto policy = find_attachable_policy(*call_.directory, call_.account(), arn);
      if (!add(prefix, *policy)) return;
    }
  }

  Outcome<void> finish() {
    if (!begun_) return validation_error("Invalid Marker.");
    call_.xml.leaf("IsTruncated", truncated_ ? "true" : "false");
    if (truncated_) call_.xml.leaf("Marker", make_marker(last_));
    return {};
  }

 private:
  /// The name that the page begins behind in the kind with this prefix; none when the page has
  /// nothing of it.
  std::optional<std::string> begin(const std::string& prefix, std::string_view type) {
    std::string after;
    if (!begun_ && page_.after.starts_with(prefix)) {
      after = page_.after.substr(prefix.size());
      begun_ = true;
    }
    const bool wanted =
        filter_.empty() || std::find(filter_.begin(), filter_.end(), type) != filter_.end();
    if (!begun_ || truncated_ || !wanted) return std::nullopt;
    return after;
  }

  /// False: the page is full without it.
  template <class T>
  bool add(const std::string& prefix, const T& entity) {
    truncated_ = written_ == page_.limit;
    if (truncated_) return false;
    call_.xml.open("member");
    write_detail(call_, entity);
    call_.xml.close();
    last_ = prefix + entity.name;
    ++written_;
    return true;
  }

  Call& call_;
  const PageRequest& page_;
  const std::vector<std::string> filter_;
  std::size_t written_ = 0;
  std::string last_;
  bool begun_;
  bool truncated_ = false;
};

}  // namespace

constinit const Parameter kFilter{"Filter", Shape::strings, 0, kTypes.size()};

Outcome<void> get_account_authorization_details(Call& call) {
  std::vector<std::string> filter = read_strings(call.parameters, kFilter.name);
  for (const std::string& type : filter) {
    if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) {
      return validation_error(
          "1 validation error detected: Value at 'filter' failed to satisfy constraint: Member "
          "must satisfy constraint: [Member must satisfy enum value set: [User, Role, Group, "
          "LocalManagedPolicy, AWSManagedPolicy]]");
    }
  }
  auto page = read_page(call);
  if (!page) return tl::unexpected(std::move(page).error());
  Pager pager(call, *page, std::move(filter));
  call.xml.open("UserDetailList");
  pager.write<User>("User");
  call.xml.close().open("GroupDetailList");
  pager.write<Group>("Group");
  call.xml.close().open("RoleDetailList");
  pager.write<Role>("Role");
  call.xml.close().open("Policies");
  pager.write<ManagedPolicy>("LocalManagedPolicy");
  pager.write_aws_policies();
  call.xml.close();
  return pager.finish();
}

}  // namespace imdsd::iam::api
