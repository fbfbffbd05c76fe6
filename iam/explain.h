// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "iam/evaluate.h"
#include "iam/readable_layers.h"

namespace imdsd::iam {

/// A decision for a reader, in several lines: each layer with its verdict, the statements that
/// matched with their policy, Sid and line; of a denial the conditions that made a Deny match, the
/// statements that allow but for one element, what would have been needed, and the smallest change
/// with which the request is allowed, decided again. Of layers that are not readable the verdict.
[[nodiscard]] std::string explain(const PolicySet& policies, const RequestContext& request,
                                  const Decision& decision, const ReadableLayers& readable = {});

/// The same as JSON:
/// {"decision", "decidedBy", "principal", "action", "resource", "layers": [{"layer", "verdict",
/// "statements": [{"policy", "policyArn", "sid", "index", "effect", "start": {"line", "column"},
/// "end", "conditions": [text]}]}], "nearMatches": [{"layer", statement's members, "lacks"}],
/// "message", "needed", "changes": [{"layer", "kind", "policy", "policyArn", "index", "what",
/// "statement"}], "changesAllow", "keysThatAllow": [{"key", "value"}], "account",
/// "authorizationMessage"}. `end` is behind the closing brace; what there is none of is left out,
/// all behind "layers" where the request was allowed, and with layers that are not readable their
/// part and the authorization message.
[[nodiscard]] std::string explain_json(const PolicySet& policies, const RequestContext& request,
                                       const Decision& decision,
                                       const ReadableLayers& readable = {});

/// A denial that is kept, to be explained when somebody asks. Empty where nothing was denied. Cheap
/// to copy; thread-safe, because nothing of it changes.
class Explanation {
 public:
  Explanation() = default;
  /// Keeps copies, and with them the policies as they were.
  Explanation(PolicySet policies, const RequestContext& request, const Decision& decision);

  [[nodiscard]] explicit operator bool() const noexcept { return denial_ != nullptr; }
  /// For a reader of `account`, who reads its policies alone; empty: all of them. PRECONDITION of
  /// both: it is not empty.
  [[nodiscard]] std::string text(std::string_view account = {}) const;
  [[nodiscard]] std::string json(std::string_view account = {}) const;

 private:
  struct Denial;
  [[nodiscard]] ReadableLayers readable_to(std::string_view account) const;
  std::shared_ptr<const Denial> denial_;
};

}  // namespace imdsd::iam
