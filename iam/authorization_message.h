// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "iam/evaluate.h"

namespace imdsd::iam {

/// What sts:DecodeAuthorizationMessage answers for this decision, as JSON: whether it was allowed,
/// the statements that matched, and the request with its condition keys
/// (https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html). In
/// clear text; whoever hands it out encrypts it.
[[nodiscard]] std::string authorization_message(const RequestContext& request,
                                                const Decision& decision);

}  // namespace imdsd::iam
