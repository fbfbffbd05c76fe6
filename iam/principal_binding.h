// SPDX-License-Identifier: MIT
// Resource policies name users and roles by ARN, but mean the one that has it when the policy is
// stored: deleted and made again, it is another one
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "iam/directory.h"
#include "iam/policy_document.h"

namespace imdsd::iam {

/// Ties every user and role that is named to its unique id. The error is the first ARN or id that
/// there is no entity for.
[[nodiscard]] tl::expected<void, std::string> bind_principals(PolicyDocument& document,
                                                              const Directory& directory);

/// What was bound, by the text that named it; and the same the other way, for stored policies.
using PrincipalBindings = std::map<std::string, std::string>;
[[nodiscard]] PrincipalBindings bindings_of(const PolicyDocument& document);
void restore_bindings(PolicyDocument& document, const PrincipalBindings& bindings);

/// The policy's text as AWS shows it now: a principal that was renamed has its new ARN, one that
/// was deleted its unique id, all else is as it was written. `partition`: of the ARN of a principal
/// that the text names by its id.
[[nodiscard]] std::string current_text(const PolicyDocument& document, const Directory& directory,
                                       std::string_view partition = "aws");

/// The policy's text with the ids of all that was bound in the place of ARNs: what is kept of a
/// bucket policy. Parsed again, it means the same entities.
[[nodiscard]] std::string bound_text(const PolicyDocument& document);

}  // namespace imdsd::iam
