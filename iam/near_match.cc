// SPDX-License-Identifier: MIT
#include "iam/near_match.h"

#include <algorithm>
#include <optional>

#include "base/codec.h"
#include "iam/json_document.h"
#include "iam/statement_match.h"

namespace imdsd::iam {
namespace {

using Element = NearMatch::Element;

std::string_view service_part(std::string_view action) {
  return action.substr(0, action.find(':'));
}

/// Does it speak of the service at all? `*` is no way of doing so.
bool names_service(const Statement& statement, std::string_view action) {
  return std::any_of(
      statement.actions.begin(), statement.actions.end(), [&](const ActionPattern& pattern) {
        return base::equals_ignoring_case(service_part(pattern.text()), service_part(action));
      });
}

class Search {
 public:
  Search(const RequestContext& request, std::vector<NearMatch>& out)
      : request_(request), text_(request), out_(out) {}

  void look_at(Layer layer, const PolicyPointer& policy) {
    if (!policy) return;
    const auto& statements = policy->document->statements;
    for (std::size_t i = 0; i < statements.size() && out_.size() < kMaxNearMatches; ++i) {
      if (statements[i].effect != Effect::allow) continue;
      if (auto near = compare({layer, policy, i})) out_.push_back(*std::move(near));
    }
  }
  void look_at(Layer layer, const PolicyList& policies) {
    for (const PolicyPointer& policy : policies) look_at(layer, policy);
  }

 private:
  [[nodiscard]] std::optional<NearMatch> compare(Match match) const {
    const Statement& statement = match.statement();
    std::vector<Element> missed;
    if (match.layer == Layer::resource &&
        named_by(statement, request_.caller->principal) == PrincipalMatch::none) {
      missed.push_back(Element::principal);
    }
    if (!matches_action(statement, text_)) {
      if (!names_service(statement, request_.action)) return std::nullopt;
      missed.push_back(Element::action);
    }
    if (!matches_resource(statement, text_.resource(), request_.keys)) {
      missed.push_back(Element::resource);
    }
    NearMatch near{std::move(match), Element::condition, {}};
    for (std::size_t i = 0; i < statement.conditions.size(); ++i) {
      if (!statement.conditions[i].holds(request_.keys)) near.conditions.push_back(i);
    }
    if (!near.conditions.empty()) missed.push_back(Element::condition);
    if (missed.size() != 1) return std::nullopt;
    near.misses = missed.front();
    return near;
  }

  const RequestContext& request_;
  const RequestText text_;
  std::vector<NearMatch>& out_;
};

std::vector<std::string> texts_of(const JsonNode& node) {
  if (node.kind != JsonNode::Kind::array) return {node.text};
  std::vector<std::string> out;
  for (const JsonNode& item : node.items) out.push_back(item.text);
  return out;
}

}  // namespace

std::vector<NearMatch> near_matches(const PolicySet& policies, const RequestContext& request,
                                    const Decision& decision) {
  std::vector<NearMatch> out;
  Search search(request, out);
  const auto refuses = [&](Layer layer) {
    return decision.verdict(layer) == Verdict::implicit_deny;
  };
  const auto look_at_list = [&](Layer layer, const std::optional<PolicyList>& list) {
    if (list && refuses(layer)) search.look_at(layer, *list);
  };
  look_at_list(Layer::service_control, policies.service_control);
  look_at_list(Layer::resource_control, policies.resource_control);
  if (refuses(Layer::resource)) search.look_at(Layer::resource, policies.resource);
  if (refuses(Layer::identity)) search.look_at(Layer::identity, policies.identity);
  if (refuses(Layer::boundary)) search.look_at(Layer::boundary, policies.boundary);
  look_at_list(Layer::session, policies.session);
  return out;
}

std::vector<WrittenCondition> written_conditions(const Match& match) {
  std::vector<WrittenCondition> out;
  const auto root = parse_json(match.policy->document->text);
  const JsonNode* const list = root ? root->find("Statement") : nullptr;
  if (list == nullptr) return out;
  const bool many = list->kind == JsonNode::Kind::array;
  if (many && match.statement_index >= list->items.size()) return out;
  const JsonNode& statement = many ? list->items[match.statement_index] : *list;
  const JsonNode* const block = statement.find("Condition");
  if (block == nullptr) return out;
  for (const auto& [op, keys] : block->members) {
    for (const auto& [key, values] : keys.members) out.push_back({op, key, texts_of(values)});
  }
  return out;
}

}  // namespace imdsd::iam
