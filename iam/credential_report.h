// SPDX-License-Identifier: MIT
// The users of an account and their credentials as CSV
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html).
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "iam/directory.h"
#include "iam/usage_tracker.h"

namespace imdsd::iam {

/// A line of column names, one of the root user, and one of each user by name; lines end with a
/// line feed, but for the last.
[[nodiscard]] std::string credential_report(const Directory& directory, const UsageTracker& usage,
                                            std::string_view account, std::string_view partition,
                                            base::SystemTime now);

}  // namespace imdsd::iam
