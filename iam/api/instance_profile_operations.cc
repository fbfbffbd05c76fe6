// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "iam/api/authorize.h"
#include "iam/api/change.h"
#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/linked_roles.h"
#include "iam/api/operation.h"
#include "iam/api/paging.h"
#include "iam/api/shapes.h"
#include "iam/api/tagging.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
constexpr std::size_t kMaxProfiles = 1000;
constexpr std::size_t kMaxRoles = 1;  // in one profile
/// Whom a role is passed to that is put into a profile.
constexpr std::string_view kPassedTo = "ec2.amazonaws.com";

void write_profile_element(Call& call, const InstanceProfile& profile, Detail detail) {
  call.xml.open("InstanceProfile");
  write_instance_profile(call.xml, call, profile, detail);
  call.xml.close();
}

Outcome<InstanceProfile> new_profile(const Call& call, const Directory& directory) {
  InstanceProfile profile;
  profile.account = call.account();
  profile.name = call.text("InstanceProfileName");
  if (directory.find<InstanceProfile>(profile.account, profile.name)) {
    return already_exists("Instance Profile " + profile.name + " already exists.");
  }
  if (directory.all<InstanceProfile>().count(profile.account) >= kMaxProfiles) {
    return quota_exceeded("InstanceProfilesPerAccount", kMaxProfiles);
  }
  auto tags = new_tags(call, kTagCase<InstanceProfile>);
  if (!tags) return tl::unexpected(std::move(tags).error());
  if (call.has("Path")) profile.path = call.text("Path");
  profile.tags = *std::move(tags);
  return profile;
}

Outcome<void> create_profile(Call& call) {
  InstanceProfile created;
  auto written = call.write([&](Transaction& transaction) -> Outcome<void> {
    auto profile = new_profile(call, transaction.directory());
    if (!profile) return tl::unexpected(std::move(profile).error());
    profile->unique_id = transaction.new_unique_id(aws::IdPrefix::AIPA, profile->account);
    profile->created = transaction.now();
    created = *profile;
    transaction.put(*std::move(profile));
    return {};
  });
  if (written) write_profile_element(call, created, Detail::created);
  return written;
}

Outcome<void> get_profile(Call& call) {
  const auto profile = find_instance_profile(call, *call.directory);
  if (!profile) return tl::unexpected(profile.error());
  write_profile_element(call, **profile, Detail::full);
  return {};
}

Outcome<void> list_profiles(Call& call) {
  return write_entity_page<InstanceProfile>(
      call, "InstanceProfiles", [&](base::XmlWriter& xml, const InstanceProfile& profile) {
        write_instance_profile(xml, call, profile, Detail::listed);
      });
}

Outcome<void> list_profiles_for_role(Call& call) {
  const auto role = find_role(call, *call.directory);
  if (!role) return tl::unexpected(role.error());
  std::vector<PageItem> items;
  for (const std::string& id : call.directory->profile_ids_of_role(call.account(), (*role)->name)) {
    const auto profile = call.directory->find_by_id<InstanceProfile>(id);
    items.push_back({base::to_lower(profile->name), [&call, profile](base::XmlWriter& xml) {
                       write_instance_profile(xml, call, *profile, Detail::listed);
                     }});
  }
  std::ranges::sort(items, {}, &PageItem::key);
  return write_page(call, "InstanceProfiles", items);
}

Outcome<void> add_role(Call& call) {
  const auto passed = find_role(call, *call.directory);
  if (passed) {
    if (auto allowed = require_pass_role(call, **passed, kPassedTo); !allowed) return allowed;
  }
  return change_entity<InstanceProfile>(
      call, find_instance_profile,
      [&](InstanceProfile& profile, Transaction& transaction) -> Outcome<void> {
        const auto role = find_role(call, transaction.directory());
        if (!role) return tl::unexpected(role.error());
        if (auto free = check_modifiable(**role); !free) return free;
        if (!profile.role.empty()) {
          return quota_exceeded("InstanceSessionsPerInstanceProfile", kMaxRoles);
        }
        profile.role = (*role)->name;
        return {};
      });
}

Outcome<void> remove_role(Call& call) {
  return change_entity<InstanceProfile>(
      call, find_instance_profile,
      [&](InstanceProfile& profile, Transaction& transaction) -> Outcome<void> {
        const auto role = find_role(call, transaction.directory());
        if (!role) return tl::unexpected(role.error());
        if (auto free = check_modifiable(**role); !free) return free;
        if (!base::equals_ignoring_case(profile.role, (*role)->name)) {
          return no_such_entity("Role " + (*role)->name + " in Instance Profile " + profile.name +
                                " cannot be found.");
        }
        profile.role.clear();
        return {};
      });
}

Outcome<void> delete_profile(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    const auto profile = find_instance_profile(call, transaction.directory());
    if (!profile) return tl::unexpected(profile.error());
    if (!(*profile)->role.empty()) return must_first("remove roles from instance profile");
    transaction.erase(*profile);
    return {};
  });
}

constexpr std::array kOperations{
    Operation{"CreateInstanceProfile",
              Acts::creating_instance_profile,
              {required(kInstanceProfileName), optional(kPath), optional(kTags)},
              create_profile},
    Operation{"GetInstanceProfile",
              Acts::on_instance_profile,
              {required(kInstanceProfileName)},
              get_profile},
    Operation{"ListInstanceProfiles",
              Acts::on_all_instance_profiles,
              {optional(kPathPrefix), optional(kMarker), optional(kMaxItems)},
              list_profiles},
    Operation{"ListInstanceProfilesForRole",
              Acts::on_role,
              {required(kRoleName), optional(kMarker), optional(kMaxItems)},
              list_profiles_for_role},
    Operation{"AddRoleToInstanceProfile",
              Acts::on_instance_profile,
              {required(kInstanceProfileName), required(kRoleName)},
              add_role,
              false},
    Operation{"RemoveRoleFromInstanceProfile",
              Acts::on_instance_profile,
              {required(kInstanceProfileName), required(kRoleName)},
              remove_role,
              false},
    Operation{"DeleteInstanceProfile",
              Acts::on_instance_profile,
              {required(kInstanceProfileName)},
              delete_profile,
              false},
    Operation{"TagInstanceProfile",
              Acts::on_instance_profile,
              {required(kInstanceProfileName), required(kTags)},
              tag_entity<InstanceProfile, find_instance_profile>,
              false},
    Operation{"UntagInstanceProfile",
              Acts::on_instance_profile,
              {required(kInstanceProfileName), required(kTagKeys)},
              untag_entity<InstanceProfile, find_instance_profile>,
              false},
    Operation{"ListInstanceProfileTags",
              Acts::on_instance_profile,
              {required(kInstanceProfileName), optional(kMarker), optional(kMaxItems)},
              list_entity_tags<InstanceProfile, find_instance_profile>},
};

}  // namespace

std::span<const Operation> instance_profile_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
