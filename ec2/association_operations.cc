// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/attach-iam-role.html
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "aws/ids.h"
#include "ec2/authorize.h"
#include "ec2/errors.h"
#include "ec2/filter.h"
#include "ec2/find.h"
#include "ec2/operation.h"
#include "ec2/paging.h"
#include "ec2/parameters.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;
using ProfilePointer = std::shared_ptr<const iam::InstanceProfile>;

Failure no_such_association(const std::string& id) {
  return aws::service_error(400, "InvalidAssociationID.NotFound",
                            "An invalid association-id of '" + id + "' was given");
}

Failure incorrect_state(std::string message) {
  return aws::service_error(400, "IncorrectState", std::move(message));
}

/// `state`: EC2 answers with that of the way there, though the change is in effect here.
void write_association(const Call& call, const Association& association, std::string_view state) {
  call.xml.leaf("associationId", association.id).leaf("instanceId", association.instance_id);
  write_profile(call, association.profile);
  call.xml.leaf("state", state);
}

void write_answer(const Call& call, const Association& association, std::string_view state) {
  call.xml.open("iamInstanceProfileAssociation");
  write_association(call, association, state);
  call.xml.close();
}

/// The profile that the request names; MissingParameter where it names none.
Outcome<ProfilePointer> required_profile(const Call& call) {
  auto profile = find_profile(call);
  if (profile && !*profile) return missing_parameter("IamInstanceProfile");
  return profile;
}

/// The ARN for ec2:NewInstanceProfile, before anybody learns whether there is such a profile.
AddKeys new_profile_key(const Call& call) {
  std::string arn = call.text("IamInstanceProfile.Arn");
  if (arn.empty()) arn = profile_arn(call, call.text("IamInstanceProfile.Name"));
  return [arn](iam::ConditionKeys& keys) { keys.set("ec2:NewInstanceProfile", arn); };
}

/// What associating and replacing have in common: the profile, if the caller may do it.
Outcome<ProfilePointer> authorized_profile(Call& call, const std::string& action,
                                           const std::string& instance_id) {
  if (auto allowed = require_on_instance(call, action, instance_id, new_profile_key(call));
      !allowed) {
    return tl::unexpected(std::move(allowed).error());
  }
  auto profile = required_profile(call);
  if (!profile) return profile;
  const std::string instance = call.arn("instance", instance_id);
  if (auto passed = require_pass_role(call, **profile, instance); !passed) {
    return tl::unexpected(std::move(passed).error());
  }
  return profile;
}

Outcome<void> check_free(const Instance& instance) {
  if (instance.state == InstanceState::terminated) {
    return incorrect_state("The instance '" + instance.id + "' is terminated");
  }
  if (!instance.settings.association) return {};
  return incorrect_state("There is an existing association for instance " + instance.id);
}

Outcome<void> associate(Call& call) {
  IMDSD_TRY(const std::string id, required_text(call.parameters(), "InstanceId"));
  IMDSD_TRY_VOID(check_instance_ids({id}));
  IMDSD_TRY(const auto profile, authorized_profile(call, "ec2:AssociateIamInstanceProfile", id));
  IMDSD_TRY(const auto instance, find_instance(call, id));
  IMDSD_TRY_VOID(check_free(instance));
  IMDSD_TRY_VOID(call.end_dry_run());
  IMDSD_TRY(const auto changed, call.change(id, [&](Instance& now) -> Outcome<void> {
    IMDSD_TRY_VOID(check_free(now));
    now.settings.association =
        Association{aws::make_resource_id("iip-assoc-", call.context.random), id, profile->name};
    return {};
  }));
  write_answer(call, *changed.settings.association, "associating");
  return {};
}

/// AssociationId, as it is now.
Outcome<Association> find_association(const Call& call) {
  IMDSD_TRY(const std::string id, required_text(call.parameters(), "AssociationId"));
  const auto all = call.associations();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&id](const Association& each) { return each.id == id; });
  if (found == all.end()) return no_such_association(id);
  return *found;
}

/// Of two changes at a time the later one finds the association gone.
Outcome<void> check_current(const Instance& now, const Association& association) {
  if (now.settings.association == association) return {};
  return no_such_association(association.id);
}

Outcome<void> replace(Call& call) {
  IMDSD_TRY(const Association old, find_association(call));
  const std::string& id = old.instance_id;
  IMDSD_TRY(const auto profile,
            authorized_profile(call, "ec2:ReplaceIamInstanceProfileAssociation", id));
  IMDSD_TRY_VOID(call.end_dry_run());
  IMDSD_TRY(const auto changed, call.change(id, [&](Instance& now) -> Outcome<void> {
    IMDSD_TRY_VOID(check_current(now, old));
    now.settings.association =
        Association{aws::make_resource_id("iip-assoc-", call.context.random), id, profile->name};
    return {};
  }));
  write_answer(call, *changed.settings.association, "associating");
  return {};
}

Outcome<void> disassociate(Call& call) {
  IMDSD_TRY(const Association old, find_association(call));
  IMDSD_TRY_VOID(require_on_instance(call, "ec2:DisassociateIamInstanceProfile", old.instance_id));
  IMDSD_TRY_VOID(call.end_dry_run());
  IMDSD_TRY(const auto changed, call.change(old.instance_id, [&](Instance& now) -> Outcome<void> {
    IMDSD_TRY_VOID(check_current(now, old));
    now.settings.association.reset();
    return {};
  }));
  write_answer(call, old, "disassociating");
  return {};
}

using Row = FilterRow<Association>;
constexpr std::array kFilters{
    Row{"instance-id", [](const Call&, const Association& a,
                          std::string_view) { return std::vector{a.instance_id}; }},
    Row{"state", [](const Call&, const Association&,
                    std::string_view) { return std::vector<std::string>{"associated"}; }},
};

Outcome<void> check_listed(const std::vector<std::string>& ids,
                           const std::vector<Association>& all) {
  for (const std::string& id : ids) {
    const auto same = [&id](const Association& each) { return each.id == id; };
    if (std::none_of(all.begin(), all.end(), same)) return no_such_association(id);
  }
  return {};
}

Outcome<void> describe(Call& call) {
  const auto ids = numbered_texts(call.parameters(), "AssociationId");
  const std::span<const Row> rows = kFilters;
  IMDSD_TRY(const auto filters, read_filters(call, rows));
  IMDSD_TRY(const PageRequest page, read_page(call));
  if (!ids.empty()) IMDSD_TRY_VOID(check_no_page(call, "associationIdsSet"));
  IMDSD_TRY_VOID(require(call, "ec2:DescribeIamInstanceProfileAssociations", "*"));
  const auto all = call.associations();
  IMDSD_TRY_VOID(check_listed(ids, all));
  IMDSD_TRY_VOID(call.end_dry_run());
  std::vector<std::string> instances;
  for (const Association& each : all) instances.push_back(each.instance_id);
  const auto shown = collect_page<Association>(instances, page, [&](const std::string& instance) {
    const auto at = std::lower_bound(instances.begin(), instances.end(), instance);
    const Association& each = all[static_cast<std::size_t>(at - instances.begin())];
    const bool named = ids.empty() || std::find(ids.begin(), ids.end(), each.id) != ids.end();
    return named && matches_all(filters, call, rows, each) ? std::optional(each) : std::nullopt;
  });
  call.xml.open("iamInstanceProfileAssociationSet");
  for (const Association& each : shown.items) {
    call.xml.open("item");
    write_association(call, each, "associated");
    call.xml.close();
  }
  call.xml.close();
  write_next_token(call, shown.last);
  return {};
}

constexpr std::array<std::string_view, 3> kAssociate{"InstanceId", "IamInstanceProfile.Name",
                                                     "IamInstanceProfile.Arn"};
constexpr std::array<std::string_view, 3> kReplace{"AssociationId", "IamInstanceProfile.Name",
                                                   "IamInstanceProfile.Arn"};
constexpr std::array<std::string_view, 1> kDisassociate{"AssociationId"};
constexpr std::array<std::string_view, 5> kDescribe{"AssociationId.N", "Filter.N.Name",
                                                    "Filter.N.Value.N", "MaxResults", "NextToken"};

constexpr std::array kOperations{
    Operation{"AssociateIamInstanceProfile", kAssociate, associate},
    Operation{"ReplaceIamInstanceProfileAssociation", kReplace, replace},
    Operation{"DisassociateIamInstanceProfile", kDisassociate, disassociate},
    Operation{"DescribeIamInstanceProfileAssociations", kDescribe, describe},
};

}  // namespace

std::span<const Operation> association_operations() {
  return kOperations;
}

}  // namespace imdsd::ec2
