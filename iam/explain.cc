// SPDX-License-Identifier: MIT
#include "iam/explain.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "iam/authorization_message.h"
#include "iam/describe_denial.h"

namespace imdsd::iam {
namespace {

using Json = nlohmann::ordered_json;

std::string_view effect_name(Effect effect) {
  return effect == Effect::allow ? "Allow" : "Deny";
}

std::string resource_of(const RequestContext& request) {
  return request.resource ? request.resource->to_string() : "";
}

/// What would have been allowed; empty when it was.
std::string needed(const RequestContext& request, const Decision& decision) {
  if (decision.allowed()) return "";
  const std::string who(name_in_denial(request.caller->principal));
  const std::string layer(layer_name(decision.decided_by));
  if (decision.reason == Decision::Reason::explicit_deny) {
    return "no statement of any policy that denies it; nothing outweighs one that does";
  }
  const std::string resource = resource_of(request);
  const std::string what = request.action + (resource.empty() ? "" : " on " + resource);
  switch (decision.decided_by) {
    case Layer::resource:
      return "a statement of the " + layer + " that allows " + what + " to " + who;
    case Layer::identity: {
      const bool other_way = decision.verdict(Layer::resource) != Verdict::not_applicable &&
                             !is_cross_account(request);
      return "a statement of an " + layer + " of " + who + " that allows " + what +
             (other_way ? ", or one of the resource-based policy that names " + who : "");
    }
    default:
      return "a statement of the " + layer + " that allows " + what +
             ", besides the policies that allow it already";
  }
}

std::string label(const Match& match) {
  const Statement& statement = match.statement();
  std::string out = std::string(effect_name(statement.effect)) + " by Statement[" +
                    std::to_string(match.statement_index) + "]";
  if (!statement.sid.empty()) out += " \"" + statement.sid + "\"";
  out += " of " + match.policy->name;
  if (!match.policy->arn.empty()) out += " (" + match.policy->arn + ")";
  return out + ", line " + std::to_string(statement.start.line);
}

std::string line(std::string name, std::string_view value) {
  constexpr std::size_t kColumn = 26;
  name.resize(std::max(kColumn, name.size() + 1), ' ');
  return name + std::string(value) + "\n";
}

Json position(TextPosition at) {
  return {{"line", at.line}, {"column", at.column}};
}

Json statement_json(const Match& match) {
  const Statement& statement = match.statement();
  Json out{{"policy", match.policy->name}};
  if (!match.policy->arn.empty()) out["policyArn"] = match.policy->arn;
  if (!statement.sid.empty()) out["sid"] = statement.sid;
  out["index"] = match.statement_index;
  out["effect"] = effect_name(statement.effect);
  out["start"] = position(statement.start);
  out["end"] = position(statement.end);
  return out;
}

Json layers_json(const Decision& decision) {
  Json out = Json::array();
  for (std::size_t i = 0; i < kLayerCount; ++i) {
    const auto layer = static_cast<Layer>(i);
    Json statements = Json::array();
    for (const Match& match : decision.matches) {
      if (match.layer == layer) statements.push_back(statement_json(match));
    }
    out.push_back({{"layer", layer_name(layer)},
                   {"verdict", verdict_name(decision.verdict(layer))},
                   {"statements", std::move(statements)}});
  }
  return out;
}

}  // namespace

std::string explain(const RequestContext& request, const Decision& decision) {
  std::string out = std::string(reason_name(decision.reason)) + " by the " +
                    std::string(layer_name(decision.decided_by)) + "\n";
  out += line("principal", name_in_denial(request.caller->principal));
  out += line("action", request.action);
  if (request.resource) out += line("resource", resource_of(request));
  for (std::size_t i = 0; i < kLayerCount; ++i) {
    const auto layer = static_cast<Layer>(i);
    out += line(std::string(layer_name(layer)), verdict_name(decision.verdict(layer)));
    for (const Match& match : decision.matches) {
      if (match.layer == layer) out += "  " + label(match) + "\n";
    }
  }
  if (!decision.allowed()) out += line("needed", needed(request, decision));
  return out;
}

std::string explain_json(const RequestContext& request, const Decision& decision) {
  Json out{{"decision", reason_name(decision.reason)},
           {"decidedBy", layer_name(decision.decided_by)},
           {"principal", name_in_denial(request.caller->principal)},
           {"action", request.action}};
  if (request.resource) out["resource"] = resource_of(request);
  out["layers"] = layers_json(decision);
  if (!decision.allowed()) {
    out["message"] = access_denied_message(request, decision);
    out["needed"] = needed(request, decision);
    out["account"] = request.caller->principal.account;
    out["authorizationMessage"] = Json::parse(authorization_message(request, decision));
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

Explanation explain_both(const RequestContext& request, const Decision& decision) {
  return {explain(request, decision), explain_json(request, decision)};
}

}  // namespace imdsd::iam
