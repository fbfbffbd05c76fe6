// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/http_message.h"
#include "iam/condition_keys.h"

namespace imdsd::iam {

/// The condition keys that the time alone gives: aws:CurrentTime, aws:EpochTime
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
void add_time_keys(base::SystemTime now, ConditionKeys& keys);

/// Those that a call brings with it: time, aws:SourceIp, aws:UserAgent, aws:Referer,
/// aws:SecureTransport, aws:RequestedRegion. `region`: of the credential scope. The caller's own
/// come from add_caller_keys().
void add_request_keys(const base::HttpRequest& request, std::string_view region,
                      base::SystemTime now, ConditionKeys& keys);

}  // namespace imdsd::iam
