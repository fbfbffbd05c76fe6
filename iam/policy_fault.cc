// SPDX-License-Identifier: MIT
#include "iam/policy_fault.h"

namespace imdsd::iam {
namespace {

constexpr std::string_view kSyntax = "Syntax errors in policy.";
constexpr std::string_view kLegacy = "The policy failed legacy parsing";
constexpr std::string_view kOldVersion = "Policy document must be version 2012-10-17 or greater.";

/// `%` stands for the subject. Bucket policies where they have words of their own, else those of
/// trust policies.
struct Texts {
  std::string_view identity, trust, resource;
};

Texts texts(PolicyFault fault) {
  switch (fault) {
    case PolicyFault::invalid_json:
      return {kSyntax, "This policy contains invalid Json",
              "Policies must be valid JSON and the first byte must be '{'"};
    case PolicyFault::unknown_element:
      return {kSyntax, "Unknown field %", ""};
    case PolicyFault::bad_version:
      return {kSyntax, "The policy must contain a valid version string", ""};
    case PolicyFault::old_version:
      return {kOldVersion, "", ""};
    case PolicyFault::no_statement:
      return {kSyntax, "Missing required field Statement", ""};
    case PolicyFault::empty_statement:
      return {kSyntax, "Could not parse the policy: Statement is empty!", ""};
    case PolicyFault::missing_effect:
      return {kSyntax, "Missing required field Effect", ""};
    case PolicyFault::bad_effect:
      return {kSyntax, "Invalid effect: %", ""};
    case PolicyFault::misspelt_effect:
      return {kLegacy, "Invalid effect: %", ""};
    case PolicyFault::bad_sid:
      return {
          "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the "
          "regular expression [0-9A-Za-z]*",
          "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the "
          "regular expression [0-9A-Za-z]*",
          ""};
    case PolicyFault::duplicate_sid:
      return {"Statement IDs (SID) in a single policy must be unique.",
              "The Statement Ids in the policy are not unique", ""};
    case PolicyFault::missing_action:
    case PolicyFault::empty_action:
      return {"Policy statement must contain actions.", "Missing required field Action", ""};
    case PolicyFault::missing_resource:
      return {"Policy statement must contain resources.", "", "Missing required field Resource"};
    case PolicyFault::wrong_type:
    case PolicyFault::both_forms:
      return {kSyntax, "Could not parse the policy: % is not valid", ""};
    case PolicyFault::unknown_operator:
      return {kSyntax, "Invalid Condition type : %", ""};
    case PolicyFault::unreadable_condition:
      return {kSyntax, "Could not parse the policy: % is not valid", ""};
    case PolicyFault::unreadable_date:
      return {kLegacy, "Could not parse the policy: % is not valid", ""};
  }
  return {kSyntax, kSyntax, kSyntax};
}

}  // namespace

PolicyPass pass_of(const PolicyError& error) {
  if (error.message == kSyntax) return PolicyPass::syntax;
  if (error.message == kOldVersion) return PolicyPass::version;
  return error.message == kLegacy ? PolicyPass::legacy : PolicyPass::content;
}

std::string fault_text(PolicyFault fault, PolicyKind kind, std::string_view subject) {
  const Texts all = texts(fault);
  std::string_view text = all.identity;
  if (kind == PolicyKind::trust) text = all.trust;
  if (kind == PolicyKind::resource) text = all.resource.empty() ? all.trust : all.resource;
  std::string out(text);
  if (const std::size_t at = out.find('%'); at != std::string::npos) out.replace(at, 1, subject);
  return out;
}

PolicyError make_fault(PolicyFault fault, PolicyKind kind, TextPosition position,
                       std::string detail, std::string_view subject) {
  return make_error(fault_text(fault, kind, subject), position, std::move(detail));
}

PolicyError make_error(std::string message, TextPosition position, std::string detail) {
  return {std::move(message), position.line, position.column, std::move(detail)};
}

}  // namespace imdsd::iam
