// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "base/codec.h"
#include "iam/policy_parser.h"

namespace imdsd::iam {
namespace {

/// The elements of one statement, each nullptr where it is not there.
struct Elements {
  const JsonNode* self = nullptr;
  const JsonNode* sid = nullptr;
  const JsonNode* effect = nullptr;
  const JsonNode* principal = nullptr;
  const JsonNode* not_principal = nullptr;
  const JsonNode* action = nullptr;
  const JsonNode* not_action = nullptr;
  const JsonNode* resource = nullptr;
  const JsonNode* not_resource = nullptr;
  const JsonNode* condition = nullptr;
};

struct ElementName {
  std::string_view name;
  const JsonNode* Elements::*member;
};

constexpr std::array<ElementName, 9> kElementNames{{
    {"Sid", &Elements::sid},
    {"Effect", &Elements::effect},
    {"Principal", &Elements::principal},
    {"NotPrincipal", &Elements::not_principal},
    {"Action", &Elements::action},
    {"NotAction", &Elements::not_action},
    {"Resource", &Elements::resource},
    {"NotResource", &Elements::not_resource},
    {"Condition", &Elements::condition},
}};

Parsed<Elements> elements_of(const JsonNode& node, const PolicyContext& context) {
  if (node.kind != JsonNode::Kind::object) {
    return context.fail(PolicyFault::wrong_type, node, "a statement is an object", "Statement");
  }
  Elements out;
  out.self = &node;
  for (const auto& [name, value] : node.members) {
    const auto known = std::find_if(
        kElementNames.begin(), kElementNames.end(),
        [wanted = std::string_view(name)](const ElementName& e) { return e.name == wanted; });
    if (known == kElementNames.end()) {
      return context.fail(PolicyFault::unknown_element, value,
                          "a statement has no element `" + name + "`", name);
    }
    out.*(known->member) = &value;
  }
  if (out.action != nullptr && out.not_action != nullptr) {
    return context.fail(PolicyFault::both_forms, *out.not_action,
                        "Action and NotAction in one statement", "NotAction");
  }
  if (out.resource != nullptr && out.not_resource != nullptr) {
    return context.fail(PolicyFault::both_forms, *out.not_resource,
                        "Resource and NotResource in one statement", "NotResource");
  }
  if (out.principal != nullptr && out.not_principal != nullptr) {
    return context.fail(PolicyFault::both_forms, *out.not_principal,
                        "Principal and NotPrincipal in one statement", "NotPrincipal");
  }
  return out;
}

Parsed<Effect> parse_effect(const Elements& elements, const PolicyContext& context) {
  const JsonNode* node = elements.effect;
  if (node == nullptr) {
    return context.fail(PolicyFault::missing_effect, *elements.self, "no Effect");
  }
  if (node->kind == JsonNode::Kind::string && node->text == "Allow") return Effect::allow;
  if (node->kind == JsonNode::Kind::string && node->text == "Deny") return Effect::deny;
  const bool misspelt = base::equals_ignoring_case(node->text, "allow") ||
                        base::equals_ignoring_case(node->text, "deny");
  return context.fail(misspelt ? PolicyFault::misspelt_effect : PolicyFault::bad_effect, *node,
                      "Effect is `" + node->text + "`, not Allow or Deny", node->text);
}

Parsed<std::string> parse_sid(const Elements& elements, PolicyContext& context) {
  const JsonNode* node = elements.sid;
  if (node == nullptr) return std::string();
  if (node->kind != JsonNode::Kind::string) {
    return context.fail(PolicyFault::wrong_type, *node, "Sid is not a string", "Sid");
  }
  // Bucket policies allow more.
  const auto is_alphanumeric = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  if (context.kind != PolicyKind::resource &&
      !std::all_of(node->text.begin(), node->text.end(), is_alphanumeric)) {
    return context.fail(PolicyFault::bad_sid, *node,
                        "Sid `" + node->text + "` has more than letters and digits");
  }
  if (!node->text.empty() && !context.sids.insert(node->text).second) {
    return context.fail(PolicyFault::duplicate_sid, *node,
                        "Sid `" + node->text + "` is there twice");
  }
  return node->text;
}

tl::unexpected<PolicyError> refuse(std::string message, const JsonNode& at) {
  return tl::unexpected(make_error(std::move(message), at.position));
}

/// Which elements a statement must have and must not have where it stands.
Parsed<void> check_trust_elements(const Elements& elements, Effect effect) {
  if (elements.resource != nullptr) {
    return refuse("Has prohibited field Resource", *elements.resource);
  }
  if (elements.not_resource != nullptr) {
    return refuse("AssumeRole policy must not contain resources.", *elements.not_resource);
  }
  if (elements.not_principal != nullptr) {
    return refuse(effect == Effect::allow
                      ? "Allow with NotPrincipal is not allowed."
                      : "AssumeRole policy must not contain NotPrincipal field.",
                  *elements.not_principal);
  }
  if (elements.principal == nullptr) {
    return refuse("Missing required field Principal", *elements.self);
  }
  if (elements.not_action != nullptr) {
    return tl::unexpected(make_error("Missing required field Action", elements.not_action->position,
                                     "a trust policy names its actions by Action, not NotAction"));
  }
  return {};
}

Parsed<void> check_elements(const Elements& elements, Effect effect, const PolicyContext& context) {
  if (context.kind == PolicyKind::trust) {
    IMDSD_TRY_VOID(check_trust_elements(elements, effect));
  } else if (context.kind == PolicyKind::resource) {
    if (elements.principal == nullptr && elements.not_principal == nullptr) {
      return refuse("Missing required field Principal", *elements.self);
    }
  } else if (elements.principal != nullptr || elements.not_principal != nullptr) {
    return refuse("Policy document should not specify a principal.",
                  elements.principal != nullptr ? *elements.principal : *elements.not_principal);
  }
  if (elements.action == nullptr && elements.not_action == nullptr) {
    return context.fail(PolicyFault::missing_action, *elements.self, "no Action");
  }
  if (context.kind != PolicyKind::trust && elements.resource == nullptr &&
      elements.not_resource == nullptr) {
    return context.fail(PolicyFault::missing_resource, *elements.self, "no Resource");
  }
  return {};
}

ServiceSet services_of(const std::vector<ActionPattern>& actions) {
  ServiceSet services = 0;
  for (const ActionPattern& action : actions) services |= action.services();
  return services;
}

}  // namespace

Parsed<Statement> parse_statement(const JsonNode& node, PolicyContext& context) {
  IMDSD_TRY(const Elements elements, elements_of(node, context));
  Statement out;
  out.start = node.position;
  out.end = node.end;
  FirstFault fault;
  out.effect = fault.take(parse_effect(elements, context));
  out.sid = fault.take(parse_sid(elements, context));
  fault.take(check_elements(elements, out.effect, context));
  if (elements.principal != nullptr) {
    out.principals = fault.take(parse_principals(*elements.principal, context));
  }
  if (elements.not_principal != nullptr) {
    out.not_principals = fault.take(parse_principals(*elements.not_principal, context));
  }
  // As recorded from AWS, what is wrong in resources comes before what is wrong in actions.
  out.not_resource = elements.not_resource != nullptr;
  if (const JsonNode* resource = out.not_resource ? elements.not_resource : elements.resource) {
    out.resources = fault.take(
        parse_resources(*resource, out.not_resource ? "NotResource" : "Resource", context));
  }
  out.not_action = elements.not_action != nullptr;
  if (const JsonNode* action = out.not_action ? elements.not_action : elements.action) {
    out.actions =
        fault.take(parse_actions(*action, out.not_action ? "NotAction" : "Action", context));
  }
  if (!out.not_action) out.services = services_of(out.actions);
  if (elements.condition != nullptr) {
    out.conditions = fault.take(parse_conditions(*elements.condition, context));
  }
  if (out.principals) {
    fault.take(check_federation(out, *elements.principal, elements.condition, context));
  }
  IMDSD_TRY_VOID(fault.result());
  return out;
}

}  // namespace imdsd::iam
