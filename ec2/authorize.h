// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "aws/service_error.h"
#include "ec2/call.h"
#include "iam/condition_keys.h"
#include "iam/entities.h"

namespace imdsd::ec2 {

/// The condition keys of a resource, beside those that every call brings.
using AddKeys = std::function<void(iam::ConditionKeys&)>;

/// UnauthorizedOperation for a caller who may not do `action` ("ec2:RunInstances") on the resource;
/// "*" for actions without one. In audit mode it is noted only. The answer then tells of this
/// decision.
[[nodiscard]] aws::Outcome<void> require(Call& call, const std::string& action,
                                         const std::string& resource,
                                         const AddKeys& add_keys = nullptr);

/// The same for iam:PassRole on the role of this instance profile, for EC2
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html). `resource`: the
/// ARN of the instance that it is for.
[[nodiscard]] aws::Outcome<void> require_pass_role(Call& call, const iam::InstanceProfile& profile,
                                                   const std::string& resource);

/// ec2:InstanceType, aws:ResourceTag/… of an instance as it is
/// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
void add_instance_keys(const Call& call, const Instance& instance, iam::ConditionKeys& keys);
/// Those of its options alone.
void add_option_keys(const MetadataOptions& options, iam::ConditionKeys& keys);
/// aws:RequestTag/… and aws:TagKeys.
void add_request_tags(const Tags& tags, iam::ConditionKeys& keys);

/// require() on an instance by its id: with the keys of the instance if there is one, and those of
/// `add_keys`.
[[nodiscard]] aws::Outcome<void> require_on_instance(Call& call, const std::string& action,
                                                     const std::string& id,
                                                     const AddKeys& add_keys = nullptr);

}  // namespace imdsd::ec2
