// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "iam/condition.h"
#include "sts/service.h"

namespace imdsd::sts {

/// The condition keys that the time alone gives: aws:CurrentTime, aws:EpochTime
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
void add_time_keys(base::SystemTime now, iam::ConditionKeys& keys);

/// Those that a call brings with it: time, aws:SourceIp, aws:UserAgent, aws:SecureTransport,
/// aws:RequestedRegion. The caller's own come from iam::add_caller_keys().
void add_request_keys(const ActionRequest& request, iam::ConditionKeys& keys);

}  // namespace imdsd::sts
