// SPDX-License-Identifier: MIT
// A policy, parsed once into types. Evaluation never sees JSON and cannot fail
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "iam/condition.h"
#include "iam/pattern.h"
#include "iam/text_position.h"

namespace imdsd::iam {

enum class Effect { allow, deny };
enum class PolicyVersion { v2008_10_17, v2012_10_17 };

/// One element of Principal or NotPrincipal.
struct PrincipalPattern {
  enum class Kind {
    anyone,          // "*"
    account,         // 123456789012 or …:root: delegates to that account's identity policies
    entity,          // a user's or role's ARN; bound to `unique_id` once it was looked up
    session,         // an assumed-role or federated-user ARN: one session
    service,         // ec2.amazonaws.com
    federated,       // an OIDC or SAML provider
    canonical_user,  // S3 only
  } kind = Kind::anyone;
  std::string value;      // account id, ARN, host or id
  std::string unique_id;  // AIDA…/AROA… of an entity; empty until bound by the directory
  /// Where it stands in PolicyDocument::text: bytes, the quotes included.
  std::size_t text_at = 0, text_size = 0;
};

struct Statement {
  std::string sid;
  Effect effect = Effect::deny;
  std::optional<std::vector<PrincipalPattern>> principals;
  std::optional<std::vector<PrincipalPattern>> not_principals;
  bool not_action = false;
  ServiceSet services = kAnyService;  // of which it may match an action
  std::vector<ActionPattern> actions;
  bool not_resource = false;
  std::vector<ResourcePattern> resources;  // empty in trust policies: the role itself
  std::vector<Condition> conditions;       // all must hold
  TextPosition start, end;                 // of its opening brace, and behind its closing one
};

struct PolicyDocument {
  PolicyVersion version = PolicyVersion::v2008_10_17;
  std::string id;
  std::vector<Statement> statements;
  std::string text;  // as it was given, byte for byte
};

/// A document and the name it is known by in reasons and logs.
struct NamedPolicy {
  std::string name;
  std::string arn;  // managed policies; empty for inline ones
  std::shared_ptr<const PolicyDocument> document;
};

/// Where a policy stands decides which elements it may have. `managed` is an identity policy on its
/// way in; what is kept is read as `identity`.
enum class PolicyKind { identity, managed, trust, resource, boundary, session };

/// A MalformedPolicyDocument: the text that AWS answers with, and for our log where it is.
struct PolicyError {
  std::string message;
  unsigned line = 0, column = 0;  // 1-based; 0 where the whole document is meant
  std::string detail;             // for our log, never the API's answer: what exactly is wrong
};

struct ParsedPolicy {
  PolicyDocument document;
  /// Odd but valid things worth a warning, as `"sts: AssumeRole"`, whose space makes it match
  /// nothing.
  std::vector<PolicyError> warnings;
};

/// Size, depth and duplicate keys are checked; an element or operator that is not evaluated is
/// refused by name.
[[nodiscard]] tl::expected<ParsedPolicy, PolicyError> parse_policy(std::string_view json,
                                                                   PolicyKind kind);

/// The same of a document that is kept: what is refused only when a policy is written is not looked
/// at, so that a rule that AWS adds, or we, does not make the directory unreadable.
[[nodiscard]] tl::expected<ParsedPolicy, PolicyError> parse_stored_policy(std::string_view json,
                                                                          PolicyKind kind);

}  // namespace imdsd::iam
