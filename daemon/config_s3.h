// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/config.h"
#include "daemon/config_iam.h"
#include "daemon/config_section.h"

namespace imdsd::daemon {

/// [s3] and [[s3.bucket]], into `out.s3`. Buckets that name no account are in aws.account_id.
void read_s3(const ConfigSection& s3, const ConfigContext& context, Config& out);

}  // namespace imdsd::daemon
