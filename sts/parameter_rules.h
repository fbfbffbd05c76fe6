// SPDX-License-Identifier: MIT
// Parameters of the STS API model
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
#pragma once

#include "aws/parameter_check.h"

namespace imdsd::sts {

extern const aws::TextRule kRoleArnRule;
extern const aws::TextRule kRoleSessionNameRule;
extern const aws::TextRule kExternalIdRule;
extern const aws::TextRule kSourceIdentityRule;
extern const aws::TextRule kContextAssertionRule;
extern const aws::TextRule kSessionPolicyRule;
extern const aws::TextRule kTagKeyRule;
extern const aws::TextRule kTagValueRule;

}  // namespace imdsd::sts
