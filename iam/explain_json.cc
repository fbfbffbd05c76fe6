// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "iam/authorization_message.h"
#include "iam/describe_denial.h"
#include "iam/explain.h"
#include "iam/explain_words.h"

namespace imdsd::iam {
namespace {

using Json = nlohmann::ordered_json;

Json position(TextPosition at) {
  return {{"line", at.line}, {"column", at.column}};
}

void add_policy(const PolicyPointer& policy, Json& out) {
  if (!policy) return;
  out["policy"] = policy->name;
  if (!policy->arn.empty()) out["policyArn"] = policy->arn;
}

Json statement_json(const Match& match) {
  const Statement& statement = match.statement();
  Json out;
  add_policy(match.policy, out);
  if (!statement.sid.empty()) out["sid"] = statement.sid;
  out["index"] = match.statement_index;
  out["effect"] = effect_name(statement.effect);
  out["start"] = position(statement.start);
  out["end"] = position(statement.end);
  return out;
}

Json matched_json(const Match& match, const ConditionKeys& keys) {
  Json out = statement_json(match);
  if (match.statement().effect == Effect::allow) return out;
  for (const WrittenCondition& condition : written_conditions(match)) {
    out["conditions"].push_back(condition_words(condition, keys));
  }
  return out;
}

Json layers_json(const RequestContext& request, const Decision& decision) {
  Json out = Json::array();
  for (std::size_t i = 0; i < kLayerCount; ++i) {
    const auto layer = static_cast<Layer>(i);
    Json statements = Json::array();
    for (const Match& match : decision.matches) {
      if (match.layer == layer) statements.push_back(matched_json(match, request.keys));
    }
    out.push_back({{"layer", layer_name(layer)},
                   {"verdict", verdict_name(decision.verdict(layer))},
                   {"statements", std::move(statements)}});
  }
  return out;
}

Json near_json(const std::vector<NearMatch>& near, const RequestContext& request) {
  Json out = Json::array();
  for (const NearMatch& each : near) {
    Json json{{"layer", layer_name(each.match.layer)}};
    json.update(statement_json(each.match));
    json["lacks"] = lack_words(each, request);
    out.push_back(std::move(json));
  }
  return out;
}

std::string_view kind_name(PolicyChange::Kind kind) {
  switch (kind) {
    case PolicyChange::Kind::add_statement:
      return "add statement";
    case PolicyChange::Kind::change_statement:
      return "change statement";
    case PolicyChange::Kind::remove_statement:
      break;
  }
  return "remove statement";
}

void add_remedy(const Remedy& remedy, const RequestContext& request, Json& out) {
  Json changes = Json::array();
  for (const PolicyChange& change : remedy.changes) {
    Json json{{"layer", layer_name(change.layer)}, {"kind", kind_name(change.kind)}};
    add_policy(change.policy, json);
    if (change.kind != PolicyChange::Kind::add_statement) json["index"] = change.index;
    json["what"] = change_words(change, request);
    if (!change.statement.empty()) json["statement"] = Json::parse(change.statement);
    changes.push_back(std::move(json));
  }
  out["changes"] = std::move(changes);
  out["changesAllow"] = remedy.allows;
  for (const auto& [key, value] : remedy.keys) {
    out["keysThatAllow"].push_back({{"key", key}, {"value", value}});
  }
}

}  // namespace

std::string explain_json(const PolicySet& policies, const RequestContext& request,
                         const Decision& decision, const ReadableLayers& readable) {
  const Decision told = readable.part_of(decision);
  Json out{{"decision", reason_name(decision.reason)},
           {"decidedBy", layer_name(decision.decided_by)},
           {"principal", name_in_denial(request.caller->principal)},
           {"action", request.action}};
  if (request.resource) out["resource"] = resource_of(request);
  out["layers"] = layers_json(request, told);
  if (!decision.allowed()) {
    out["nearMatches"] =
        near_json(readable.part_of(near_matches(policies, request, decision)), request);
    out["message"] = access_denied_message(request, decision);
    out["needed"] = needed(request, decision);
    add_remedy(readable.part_of(find_remedy(policies, request, decision)).remedy, request, out);
    out["account"] = request.caller->principal.account;
    // It has the statements, and what is known of caller and resource.
    if (readable.has_all_of(decision)) {
      out["authorizationMessage"] = Json::parse(authorization_message(request, decision));
    }
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace imdsd::iam
