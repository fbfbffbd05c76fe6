// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "iam/evaluate.h"

namespace imdsd::iam {

/// A decision for a reader, in several lines: each layer with its verdict, the statements that
/// matched with their policy, Sid and line, and of a denial what would have been needed.
[[nodiscard]] std::string explain(const RequestContext& request, const Decision& decision);

/// The same as JSON:
/// {"decision", "decidedBy", "principal", "action", "resource", "layers": [{"layer", "verdict",
/// "statements": [{"policy", "policyArn", "sid", "index", "effect", "start": {"line", "column"},
/// "end"}]}], "message", "needed", "account", "authorizationMessage"}. `end` is behind the closing
/// brace; what there is none of is left out, the last four where the request was allowed.
[[nodiscard]] std::string explain_json(const RequestContext& request, const Decision& decision);

/// Both, as a denial is kept; empty where nothing was denied.
struct Explanation {
  std::string text, json;
};

[[nodiscard]] Explanation explain_both(const RequestContext& request, const Decision& decision);

}  // namespace imdsd::iam
