// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "iam/evaluate.h"

namespace imdsd::iam {

/// A decision for a reader, in several lines: each layer with its verdict, the statements that
/// matched with their policy, Sid and line; of a denial the conditions that made a Deny match, the
/// statements that allow but for one element, what would have been needed, and the smallest change
/// with which the request is allowed, decided again.
[[nodiscard]] std::string explain(const PolicySet& policies, const RequestContext& request,
                                  const Decision& decision);

/// The same as JSON:
/// {"decision", "decidedBy", "principal", "action", "resource", "layers": [{"layer", "verdict",
/// "statements": [{"policy", "policyArn", "sid", "index", "effect", "start": {"line", "column"},
/// "end", "conditions": [text]}]}], "nearMatches": [{"layer", statement's members, "lacks"}],
/// "message", "needed", "changes": [{"layer", "kind", "policy", "policyArn", "index", "what",
/// "statement"}], "changesAllow", "keysThatAllow": [{"key", "value"}], "account",
/// "authorizationMessage"}. `end` is behind the closing brace; what there is none of is left out,
/// all behind "layers" where the request was allowed.
[[nodiscard]] std::string explain_json(const PolicySet& policies, const RequestContext& request,
                                       const Decision& decision);

/// A denial that is kept, to be explained when somebody asks. Empty where nothing was denied. Cheap
/// to copy; thread-safe, because nothing of it changes.
class Explanation {
 public:
  Explanation() = default;
  /// Keeps copies, and with them the policies as they were.
  Explanation(PolicySet policies, const RequestContext& request, const Decision& decision);

  [[nodiscard]] explicit operator bool() const noexcept { return denial_ != nullptr; }
  /// PRECONDITION of both: it is not empty.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string json() const;

 private:
  struct Denial;
  std::shared_ptr<const Denial> denial_;
};

}  // namespace imdsd::iam
