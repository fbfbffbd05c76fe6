// SPDX-License-Identifier: MIT
#include "iam/describe_denial.h"

#include <algorithm>
#include <array>

#include "base/codec.h"

namespace imdsd::iam {
namespace {

/// What STS acts on by a resource policy is a role.
bool is_trust(Layer layer, std::string_view action) {
  return layer == Layer::resource && base::equals_ignoring_case(action.substr(0, 4), "sts:");
}

std::string name_with_article(Layer layer, std::string_view action) {
  if (is_trust(layer, action)) return "the role trust policy";
  return (layer == Layer::identity ? "an " : "a ") + std::string(layer_name(layer));
}

/// All of them are asked for by one call of AssumeRole.
bool has_no_reason(std::string_view action) {
  constexpr std::array<std::string_view, 4> kActions{"sts:AssumeRole", "sts:TagSession",
                                                     "sts:SetSourceIdentity", "sts:SetContext"};
  return std::find(kActions.begin(), kActions.end(), action) != kActions.end();
}

}  // namespace

std::string_view name_in_denial(const Principal& principal) {
  if (!principal.arn.empty()) return principal.arn;
  return principal.name.empty() ? "anonymous" : std::string_view(principal.name);
}

std::string not_authorized(const Principal& principal, std::string_view action,
                           std::string_view resource) {
  std::string out = "User: " + std::string(name_in_denial(principal)) +
                    " is not authorized to perform: " + std::string(action);
  if (!resource.empty()) out += " on resource: " + std::string(resource);
  return out;
}

std::string describe_denial(const Decision& decision, std::string_view action) {
  if (decision.allowed()) return "";
  const Layer layer = decision.decided_by;
  if (decision.reason == Decision::Reason::explicit_deny) {
    return "with an explicit deny in " + name_with_article(layer, action);
  }
  const std::string_view name = is_trust(layer, action) ? "role trust policy" : layer_name(layer);
  return "because no " + std::string(name) + " allows the " + std::string(action) + " action";
}

std::string access_denied_message(const RequestContext& request, const Decision& decision) {
  if (decision.allowed()) return "";
  const Principal& principal = request.caller->principal;
  if (principal.type == PrincipalType::web_identity || principal.type == PrincipalType::saml) {
    return "Not authorized to perform " + request.action;
  }
  std::string out = not_authorized(principal, request.action,
                                   request.resource ? request.resource->to_string() : "");
  if (has_no_reason(request.action)) return out;
  return out + " " + describe_denial(decision, request.action);
}

}  // namespace imdsd::iam
