// SPDX-License-Identifier: MIT
#include "ec2/find.h"

#include <utility>

#include "aws/arn.h"
#include "ec2/parameters.h"
#include "iam/entities.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;
using ProfilePointer = std::shared_ptr<const iam::InstanceProfile>;

Failure not_there(std::string_view what, const std::string& ids) {
  return aws::service_error(
      400, "InvalidInstanceID.NotFound",
      std::string(what) + " '" + ids + "' " + (what.ends_with("s") ? "do" : "does") + " not exist");
}

Outcome<ProfilePointer> profile_of_arn(const Call& call, const std::string& text) {
  const auto invalid = [&] {
    return invalid_value_of("iamInstanceProfile.arn", text, "Invalid IAM Instance Profile ARN");
  };
  const auto arn = aws::Arn::parse(text);
  if (!arn) return invalid();
  const std::string name = arn->resource.substr(arn->resource.rfind('/') + 1);
  auto profile = call.context.directory.find<iam::InstanceProfile>(
      call.request.caller.principal.account, name);
  if (!profile || iam::arn_of(*profile, call.context.partition) != text) return invalid();
  return profile;
}

}  // namespace

Failure no_such_instance(std::string_view id) {
  return not_there("The instance ID", std::string(id));
}

Outcome<void> check_instance_ids(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (is_resource_id(id, "i-")) continue;
    return aws::service_error(400, "InvalidInstanceID.Malformed", "Invalid id: \"" + id + "\"");
  }
  return {};
}

Outcome<std::vector<Instance>> find_instances(const Call& call,
                                              const std::vector<std::string>& ids) {
  std::vector<Instance> found;
  std::string missing;
  std::size_t misses = 0;
  for (const std::string& id : ids) {
    if (auto instance = call.find(id)) {
      found.push_back(*std::move(instance));
    } else {
      missing += (missing.empty() ? "" : ", ") + id;
      ++misses;
    }
  }
  if (misses == 0) return found;
  return not_there(misses == 1 ? "The instance ID" : "The instance IDs", missing);
}

Outcome<Instance> find_instance(const Call& call, const std::string& id) {
  auto instance = call.find(id);
  if (!instance) return no_such_instance(id);
  return *std::move(instance);
}

Outcome<ProfilePointer> find_profile(const Call& call) {
  const std::string name = call.text("IamInstanceProfile.Name");
  const std::string arn = call.text("IamInstanceProfile.Arn");
  if (name.empty() && arn.empty()) return ProfilePointer();
  if (!name.empty() && !arn.empty()) {
    return invalid_combination(
        "The parameter 'iamInstanceProfile.name' may not be used in combination with "
        "'iamInstanceProfile.arn'");
  }
  ProfilePointer profile;
  if (name.empty()) {
    IMDSD_TRY(profile, profile_of_arn(call, arn));
  } else {
    profile = call.context.directory.find<iam::InstanceProfile>(
        call.request.caller.principal.account, name);
    if (!profile) {
      return invalid_value_of("iamInstanceProfile.name", name, "Invalid IAM Instance Profile name");
    }
  }
  if (!profile->role.empty()) return profile;
  return invalid_value("IAM Instance Profile \"" + iam::arn_of(*profile, call.context.partition) +
                       "\" has no associated IAM Roles");
}

std::string profile_arn(const Call& call, const std::string& name) {
  const auto profile = call.context.directory.find<iam::InstanceProfile>(call.place.account, name);
  if (profile) return iam::arn_of(*profile, call.context.partition);
  return iam::make_arn(call.context.partition, call.place.account, iam::InstanceProfile::kType, "/",
                       name);
}

void write_profile(const Call& call, const std::string& name) {
  call.xml.open("iamInstanceProfile").leaf("arn", profile_arn(call, name));
  const auto profile = call.context.directory.find<iam::InstanceProfile>(call.place.account, name);
  if (profile) call.xml.leaf("id", profile->unique_id);
  call.xml.close();
}

}  // namespace imdsd::ec2
