// SPDX-License-Identifier: MIT
#include "iam/authorization_message.h"

#include <vector>

#include <nlohmann/json.hpp>

#include "iam/json_document.h"

namespace imdsd::iam {
namespace {

using Json = nlohmann::ordered_json;

/// The message has its lists as {"items": […]}.
Json items(Json list) {
  return {{"items", std::move(list)}};
}

Json values(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& text : texts) out.push_back({{"value", text}});
  return items(std::move(out));
}

Json condition(const std::string& key, const std::vector<std::string>& texts) {
  return {{"key", key}, {"values", values(texts)}};
}

std::vector<std::string> texts_of(const JsonNode* node) {
  std::vector<std::string> out;
  if (node == nullptr) return out;
  if (node->kind != JsonNode::Kind::array) return {node->text};
  for (const JsonNode& item : node->items) out.push_back(item.text);
  return out;
}

Json conditions_of(const JsonNode& statement) {
  Json out = Json::array();
  if (const JsonNode* block = statement.find("Condition")) {
    for (const auto& [op, keys] : block->members) {
      for (const auto& [key, value] : keys.members) out.push_back(condition(key, texts_of(&value)));
    }
  }
  return items(std::move(out));
}

/// A list of texts under one name, or under the other where the statement has Not…
Json elements(const JsonNode& statement, const std::string& name) {
  const JsonNode* node = statement.find(name);
  return values(texts_of(node != nullptr ? node : statement.find("Not" + name)));
}

/// The statement in the words of its policy's text, which parsed before.
Json matched_statement(const Match& match, const Principal& principal) {
  const auto root = parse_json(match.policy->document->text);
  const JsonNode* list = root ? root->find("Statement") : nullptr;
  JsonNode node;
  if (list != nullptr) {
    node = list->kind == JsonNode::Kind::array ? list->items[match.statement_index] : *list;
  }
  return {{"statementId", match.statement().sid},
          {"effect", match.statement().effect == Effect::allow ? "ALLOW" : "DENY"},
          {"principals",
           values({principal.entity_id.empty() ? principal.user_id : principal.entity_id})},
          {"principalGroups", items(Json::array())},
          {"actions", elements(node, "Action")},
          {"resources", elements(node, "Resource")},
          {"conditions", conditions_of(node)}};
}

Json context(const RequestContext& request) {
  const Principal& principal = request.caller->principal;
  Json who{{"id", principal.user_id}};
  if (!principal.name.empty()) who["name"] = principal.name;
  who["arn"] = principal.arn;
  Json conditions = Json::array();
  for (const auto& [key, texts] : request.keys.all()) conditions.push_back(condition(key, texts));
  return {{"principal", std::move(who)},
          {"action", request.action},
          {"resource", request.resource ? request.resource->to_string() : "*"},
          {"conditions", items(std::move(conditions))}};
}

}  // namespace

std::string authorization_message(const RequestContext& request, const Decision& decision) {
  Json matched = Json::array();
  for (const Match& match : decision.matches) {
    matched.push_back(matched_statement(match, request.caller->principal));
  }
  const Json out{{"allowed", decision.allowed()},
                 {"explicitDeny", decision.reason == Decision::Reason::explicit_deny},
                 {"matchedStatements", items(std::move(matched))},
                 {"failures", items(Json::array())},
                 {"context", context(request)}};
  // Header values, such as a user agent, need not be UTF-8.
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace imdsd::iam
