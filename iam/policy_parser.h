// SPDX-License-Identifier: MIT
// From the JSON of a policy to its types, element by element. For iam/ only; parse_policy() is the
// way in.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "iam/json_document.h"
#include "iam/policy_document.h"
#include "iam/policy_fault.h"

namespace imdsd::iam {

template <class T>
using Parsed = tl::expected<T, PolicyError>;

/// Of several errors the one to answer with: the first of the earliest pass.
class FirstFault {
 public:
  /// What was read; a default, of no further use, in the place of an error.
  template <class T>
  T take(Parsed<T> parsed) {
    if (parsed) return *std::move(parsed);
    note(std::move(parsed).error());
    return T();
  }
  void take(Parsed<void> parsed) {
    if (!parsed) note(std::move(parsed).error());
  }
  void note(PolicyError error) {
    if (!error_ || pass_of(error) < pass_of(*error_)) error_ = std::move(error);
  }
  [[nodiscard]] Parsed<void> result() const {
    if (error_) return tl::unexpected(*error_);
    return {};
  }

 private:
  std::optional<PolicyError> error_;
};

/// What the elements of one document share while it is read.
struct PolicyContext {
  PolicyKind kind = PolicyKind::identity;
  PolicyVersion version = PolicyVersion::v2008_10_17;
  std::vector<PolicyError> warnings;
  std::set<std::string> sids;
  bool stored = false;  // read back: not all is checked again

  [[nodiscard]] bool has_variables() const { return version == PolicyVersion::v2012_10_17; }
  [[nodiscard]] tl::unexpected<PolicyError> fail(PolicyFault fault, const JsonNode& at,
                                                 std::string detail,
                                                 std::string_view subject = {}) const {
    return tl::unexpected(make_fault(fault, kind, at.position, std::move(detail), subject));
  }
  void warn(const JsonNode& at, std::string message) {
    warnings.push_back(make_error(std::move(message), at.position));
  }
};

/// A string, or a list of strings, as nodes. `element` is named when it is neither.
[[nodiscard]] Parsed<std::vector<const JsonNode*>> strings_of(const JsonNode& node,
                                                              std::string_view element,
                                                              const PolicyContext& context);

[[nodiscard]] Parsed<std::vector<ActionPattern>> parse_actions(const JsonNode& node,
                                                               std::string_view element,
                                                               PolicyContext& context);
[[nodiscard]] Parsed<std::vector<ResourcePattern>> parse_resources(const JsonNode& node,
                                                                   std::string_view element,
                                                                   PolicyContext& context);
[[nodiscard]] Parsed<std::vector<PrincipalPattern>> parse_principals(const JsonNode& node,
                                                                     const PolicyContext& context);
[[nodiscard]] Parsed<std::vector<Condition>> parse_conditions(const JsonNode& node,
                                                              PolicyContext& context);
/// Whether a statement that names principals scopes those whom an issuer shared by many identifies.
[[nodiscard]] Parsed<void> check_federation(const Statement& statement, const JsonNode& principals,
                                            const JsonNode* condition,
                                            const PolicyContext& context);
[[nodiscard]] Parsed<Statement> parse_statement(const JsonNode& node, PolicyContext& context);

}  // namespace imdsd::iam
