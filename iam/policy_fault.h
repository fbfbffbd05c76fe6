// SPDX-License-Identifier: MIT
// The words that AWS has for malformed policies. They differ by where the policy stands, because
// different parsers of AWS read identity policies, trust policies and bucket policies.
#pragma once

#include <string>
#include <string_view>

#include "iam/json_document.h"
#include "iam/policy_document.h"

namespace imdsd::iam {

enum class PolicyFault {
  invalid_json,
  unknown_element,  // subject: its name
  bad_version,
  old_version,  // of a managed policy
  no_statement,
  empty_statement,
  missing_effect,
  bad_effect,       // subject: the effect
  misspelt_effect,  // right but for its case; subject: the effect
  bad_sid,
  duplicate_sid,
  missing_action,
  empty_action,
  missing_resource,
  wrong_type,            // subject: the element
  both_forms,            // Action with NotAction and the like; subject: the second
  unknown_operator,      // subject: the operator
  unreadable_condition,  // subject: the operator
  unreadable_date,
};

/// IAM reads an identity policy several times over, in this order, and answers with what the
/// earliest pass finds first, as recorded from AWS. Other policies are read once.
enum class PolicyPass { syntax, version, legacy, content };
[[nodiscard]] PolicyPass pass_of(const PolicyError& error);

/// AWS's text for this fault in a policy of this kind.
[[nodiscard]] std::string fault_text(PolicyFault fault, PolicyKind kind, std::string_view subject);

/// An error with AWS's text, and what exactly is wrong for our log.
[[nodiscard]] PolicyError make_fault(PolicyFault fault, PolicyKind kind, TextPosition position,
                                     std::string detail, std::string_view subject = {});

/// The same for a text that only one kind of policy has.
[[nodiscard]] PolicyError make_error(std::string message, TextPosition position,
                                     std::string detail = {});

}  // namespace imdsd::iam
