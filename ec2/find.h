// SPDX-License-Identifier: MIT
// What a request names, or the error that says that it is not there.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ec2/call.h"
#include "ec2/errors.h"
#include "iam/entities.h"

namespace imdsd::ec2 {

/// InvalidInstanceID.NotFound
[[nodiscard]] Failure no_such_instance(std::string_view id);
/// InvalidInstanceID.Malformed for the first that is no id of an instance.
[[nodiscard]] aws::Outcome<void> check_instance_ids(const std::vector<std::string>& ids);
/// InvalidInstanceID.NotFound names all that are not there.
[[nodiscard]] aws::Outcome<std::vector<Instance>> find_instances(
    const Call& call, const std::vector<std::string>& ids);
/// The same of one.
[[nodiscard]] aws::Outcome<Instance> find_instance(const Call& call, const std::string& id);

/// IamInstanceProfile.Name or .Arn, in the caller's account; nothing where neither is given. Errors
/// are EC2's, of a profile without a role as well.
[[nodiscard]] aws::Outcome<std::shared_ptr<const iam::InstanceProfile>> find_profile(
    const Call& call);
/// The ARN of the profile of this name, whether or not it is still there.
[[nodiscard]] std::string profile_arn(const Call& call, const std::string& name);
/// <iamInstanceProfile> of an association.
void write_profile(const Call& call, const std::string& name);

}  // namespace imdsd::ec2
