// SPDX-License-Identifier: MIT
#include "iam/statement_change.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/codec.h"
#include "iam/policy_document.h"
#include "iam/policy_literal.h"
#include "iam/statement_match.h"

namespace imdsd::iam {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPrincipalArn = "aws:PrincipalArn";

std::string dump(const Json& statement) {
  return statement.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string resource_text(const RequestContext& request) {
  return request.resource ? resource_literal(request.action, request.resource->to_string()) : "*";
}

Json principal_element(const Principal& principal) {
  switch (principal.type) {
    case PrincipalType::account_root:
    case PrincipalType::federated_user:
      return {{"AWS", principal.arn}};
    case PrincipalType::user:
    case PrincipalType::assumed_role:
      return {{"AWS", principal.entity_arn}};
    case PrincipalType::service:
      return {{"Service", principal.name}};
    case PrincipalType::web_identity:
    case PrincipalType::saml:
      return {{"Federated", principal.entity_arn.empty() ? principal.name : principal.entity_arn}};
    case PrincipalType::anonymous:
      break;
  }
  return "*";
}

/// Keys without which the statement would allow far more than the request.
Json narrowing_keys(const RequestContext& request, Layer layer) {
  Json out = Json::object();
  for (const auto& [key, values] : request.keys.all()) {
    const bool of_token =
        layer == Layer::resource && (key.ends_with(":aud") || key.ends_with(":sub"));
    const bool passes = key == "iam:PassedToService" && request.action == "iam:PassRole";
    if ((of_token || passes) && values.size() == 1) out[key] = policy_literal(values.front());
  }
  return out;
}

/// The statement in the words of its policy.
Json statement_json(const Match& match) {
  const Json root = Json::parse(match.policy->document->text, nullptr, false);
  if (!root.is_object() || !root.contains("Statement")) return Json();
  const Json& list = root["Statement"];
  if (!list.is_array()) return list;
  return match.statement_index < list.size() ? list[match.statement_index] : Json();
}

void append(Json& element, const std::string& value) {
  if (!element.is_array()) element = Json::array({element});
  element.push_back(value);
}

/// Takes a value out of a list that has others; false: it is no such list.
template <class Same>
bool take_out(Json& element, Same same) {
  if (!element.is_array() || element.size() < 2) return false;
  const auto gone = std::remove_if(element.begin(), element.end(), [&](const Json& each) {
    return each.is_string() && same(each.get_ref<const std::string&>());
  });
  if (gone == element.end() || gone == element.begin()) return false;
  element.erase(gone, element.end());
  return true;
}

/// Exceptions, the smallest first.
std::vector<Json> exceptions(const Json& statement, const RequestContext& request) {
  std::vector<Json> out;
  const auto offer = [&](auto change) {
    Json changed = statement;
    if (change(changed)) out.push_back(std::move(changed));
  };
  const std::string resource = resource_text(request);
  offer([&](Json& s) {
    if (s.contains("NotAction")) append(s["NotAction"], request.action);
    return s.contains("NotAction");
  });
  offer([&](Json& s) {
    return s.contains("Action") && take_out(s["Action"], [&](const std::string& text) {
             return base::equals_ignoring_case(text, request.action);
           });
  });
  offer([&](Json& s) {
    if (s.contains("NotResource")) append(s["NotResource"], resource);
    return s.contains("NotResource");
  });
  offer([&](Json& s) {
    return s.contains("Resource") &&
           take_out(s["Resource"], [&](const std::string& text) { return text == resource; });
  });
  offer([&](Json& s) {
    const auto* const arn = request.keys.find(kPrincipalArn);
    if (arn == nullptr || arn->size() != 1) return false;
    Json& keys = s["Condition"]["ArnNotEquals"];
    if (keys.is_object() && keys.contains(kPrincipalArn)) {
      append(keys[kPrincipalArn], arn->front());
    } else {
      keys[kPrincipalArn] = arn->front();
    }
    return true;
  });
  return out;
}

bool still_matches(const Statement& changed, const Match& match, const RequestContext& request) {
  const RequestText text(request);
  return matches_action(changed, text) &&
         matches_resource(changed, text.resource(), request.keys) &&
         conditions_hold(changed, request.keys) &&
         (match.layer != Layer::resource ||
          named_by(match.statement(), request.caller->principal) != PrincipalMatch::none);
}

}  // namespace

PolicyKind policy_kind(Layer layer, const RequestContext& request) {
  switch (layer) {
    case Layer::resource:
      return request.action.starts_with("sts:") ? PolicyKind::trust : PolicyKind::resource;
    case Layer::resource_control:
      return PolicyKind::resource;
    case Layer::boundary:
      return PolicyKind::boundary;
    case Layer::session:
      return PolicyKind::session;
    case Layer::service_control:
    case Layer::identity:
      break;
  }
  return PolicyKind::identity;
}

std::string allowing_statement(const RequestContext& request, Layer layer) {
  const PolicyKind kind = policy_kind(layer, request);
  Json out{{"Effect", "Allow"}};
  if (layer == Layer::resource) out["Principal"] = principal_element(request.caller->principal);
  if (layer == Layer::resource_control) out["Principal"] = "*";
  out["Action"] = request.action;
  if (kind != PolicyKind::trust) out["Resource"] = resource_text(request);
  if (Json keys = narrowing_keys(request, layer); !keys.empty()) {
    out["Condition"] = {{"StringEquals", std::move(keys)}};
  }
  return dump(out);
}

std::string statement_without(const Match& match, const RequestContext& request) {
  const Json statement = statement_json(match);
  if (!statement.is_object()) return "";
  for (const Json& changed : exceptions(statement, request)) {
    std::string text = dump(changed);
    const auto parsed = parse_one_statement(text, policy_kind(match.layer, request));
    if (parsed && !still_matches(*parsed, match, request)) return text;
  }
  return "";
}

std::optional<Statement> parse_one_statement(std::string_view json, PolicyKind kind) {
  const std::string policy = R"({"Version":"2012-10-17","Statement":[)" + std::string(json) + "]}";
  auto parsed = parse_policy(policy, kind);
  if (!parsed || parsed->document.statements.size() != 1) return std::nullopt;
  return std::move(parsed->document.statements.front());
}

}  // namespace imdsd::iam
