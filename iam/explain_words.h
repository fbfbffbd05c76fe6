// SPDX-License-Identifier: MIT
// The sentences that explanations have in common, as text and as JSON.
#pragma once

#include <string>
#include <string_view>

#include "iam/evaluate.h"
#include "iam/near_match.h"
#include "iam/remedy.h"

namespace imdsd::iam {

[[nodiscard]] std::string_view effect_name(Effect effect);
/// Empty where the request has none.
[[nodiscard]] std::string resource_of(const RequestContext& request);
/// What would have been allowed; empty when it was.
[[nodiscard]] std::string needed(const RequestContext& request, const Decision& decision);
/// "`Bool` of `aws:MultiFactorAuthPresent` with `true`: the request has no such key"
[[nodiscard]] std::string condition_words(const WrittenCondition& condition,
                                          const ConditionKeys& keys);
/// What it lacks: "its Resource does not have arn:aws:s3:::bucket/key"
[[nodiscard]] std::string lack_words(const NearMatch& near, const RequestContext& request);
/// "add to policy `app` this statement"
[[nodiscard]] std::string change_words(const PolicyChange& change, const RequestContext& request);

}  // namespace imdsd::iam
