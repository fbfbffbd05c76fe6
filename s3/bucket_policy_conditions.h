// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "iam/policy_document.h"

namespace imdsd::s3 {

/// What S3 says of a statement's condition keys when the policy is put: a key of its own that there
/// is not, and one that no action of the statement has. Empty where it has nothing to say. Keys of
/// others (aws:, sts:) are not judged.
[[nodiscard]] std::string_view condition_fault(const iam::Statement& statement);

}  // namespace imdsd::s3
