// SPDX-License-Identifier: MIT
// Statements that remedies are made of, as JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "iam/decision.h"
#include "iam/evaluate.h"

namespace imdsd::iam {

/// Where policies of this layer stand; the resource policy of an STS action is a trust policy.
[[nodiscard]] PolicyKind policy_kind(Layer layer, const RequestContext& request);

/// The smallest statement that allows the request in this layer: its action, its resource, its
/// caller where the layer names principals; of iam:PassRole and of a provider's token, the service
/// and the token's audience and subject, too. Indented by two spaces.
[[nodiscard]] std::string allowing_statement(const RequestContext& request, Layer layer);

/// A Deny that matched the request, with the smallest exception for it: the action or the resource
/// where the statement lists it or what it leaves out, else the caller. Empty where none of that
/// keeps it from matching: it has to go.
[[nodiscard]] std::string statement_without(const Match& match, const RequestContext& request);

/// The one statement of a policy of this kind; none: it is not valid there.
[[nodiscard]] std::optional<Statement> parse_one_statement(std::string_view json, PolicyKind kind);

}  // namespace imdsd::iam
