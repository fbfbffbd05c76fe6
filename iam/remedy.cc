// SPDX-License-Identifier: MIT
#include "iam/remedy.h"

#include <algorithm>
#include <memory>

#include "base/codec.h"
#include "iam/near_match.h"
#include "iam/statement_change.h"

namespace imdsd::iam {
namespace {

using Kind = PolicyChange::Kind;

constexpr std::size_t kMaxChanges = 8;
constexpr std::size_t kMaxValues = 3;  // tried of a condition

bool is_managed_by_aws(const NamedPolicy& policy) {
  return policy.arn.find(":iam::aws:policy/") != std::string::npos;
}

/// PolicyList* of a PolicySet, const or not.
template <class Policies>
auto list_of(Layer layer, Policies& policies) -> decltype(&policies.identity) {
  switch (layer) {
    case Layer::identity:
      return &policies.identity;
    case Layer::session:
      return policies.session ? &*policies.session : nullptr;
    case Layer::service_control:
      return policies.service_control ? &*policies.service_control : nullptr;
    case Layer::resource_control:
      return policies.resource_control ? &*policies.resource_control : nullptr;
    case Layer::resource:
    case Layer::boundary:
      return nullptr;
  }
  return nullptr;
}

/// `next` in place of `old`, or beside the others where there is no old one.
void put(Layer layer, const PolicyPointer& old, PolicyPointer next, PolicySet& policies) {
  if (layer == Layer::resource) policies.resource = std::move(next);
  if (layer == Layer::boundary) policies.boundary = std::move(next);
  PolicyList* const list = list_of(layer, policies);
  if (list == nullptr) return;
  PolicyList changed;
  for (const PolicyPointer& each : *list) changed.push_back(old && each == old ? next : each);
  if (!old) changed.push_back(std::move(next));
  *list = std::move(changed);
}

/// What a condition may want a key to be.
std::vector<std::string> wanted_values(const WrittenCondition& written) {
  const std::string op = base::to_lower(written.op);
  if (op.find("bool") != std::string::npos) return {"true", "false"};
  std::vector<std::string> out;
  for (const std::string& value : written.values) {
    if (out.size() == kMaxValues) break;
    const bool is_network = op.find("ipaddress") != std::string::npos;
    out.push_back(is_network ? value.substr(0, value.find('/')) : value);
  }
  return out;
}

class Search {
 public:
  Search(const PolicySet& policies, const RequestContext& request, const Decision& decision)
      : policies_(policies), request_(request), decision_(decision) {}

  Remedy run() {
    near_ = near_matches(policies_, request_, decision_);
    find_keys();
    while (!decision_.allowed() && out_.changes.size() < kMaxChanges) {
      auto change = decision_.reason == Decision::Reason::explicit_deny ? lift_deny() : add_allow();
      if (!change || !apply(*change)) break;
      out_.changes.push_back(*std::move(change));
      decision_ = evaluate(policies_, request_);
      near_ = near_matches(policies_, request_, decision_);
    }
    out_.allows = decision_.allowed();
    return std::move(out_);
  }

 private:
  void find_keys() {
    for (const NearMatch& near : near_) {
      if (near.misses == NearMatch::Element::condition && out_.keys.empty()) try_all(near);
    }
    if (decision_.reason != Decision::Reason::explicit_deny) return;
    for (const Match& match : decision_.matches) {
      if (match.statement().effect == Effect::deny && out_.keys.empty()) try_each(match);
    }
  }

  /// All conditions that do not hold, each with the first value that it wants.
  void try_all(const NearMatch& near) {
    const auto written = written_conditions(near.match);
    std::vector<std::pair<std::string, std::string>> keys;
    for (const std::size_t place : near.conditions) {
      if (place >= written.size()) return;
      const auto values = wanted_values(written[place]);
      if (values.empty()) return;
      keys.emplace_back(written[place].key, values.front());
    }
    if (would_allow(keys)) out_.keys = std::move(keys);
  }

  /// Of a Deny, one condition that need not have held.
  void try_each(const Match& match) {
    for (const WrittenCondition& written : written_conditions(match)) {
      for (std::string& value : wanted_values(written)) {
        std::vector<std::pair<std::string, std::string>> keys{{written.key, std::move(value)}};
        if (!would_allow(keys)) continue;
        out_.keys = std::move(keys);
        return;
      }
    }
  }

  [[nodiscard]] bool would_allow(
      const std::vector<std::pair<std::string, std::string>>& keys) const {
    RequestContext other = request_;
    for (const auto& [key, value] : keys) other.keys.set(key, value);
    return evaluate(policies_, other).allowed();
  }

  [[nodiscard]] std::optional<PolicyChange> add_allow() const {
    const Layer layer = decision_.decided_by;
    return PolicyChange{Kind::add_statement, layer, place_for(layer), 0,
                        allowing_statement(request_, layer)};
  }

  [[nodiscard]] PolicyPointer place_for(Layer layer) const {
    for (const NearMatch& near : near_) {
      if (near.match.layer == layer && !is_managed_by_aws(*near.match.policy)) {
        return near.match.policy;
      }
    }
    if (layer == Layer::resource) return policies_.resource;
    if (layer == Layer::boundary) return policies_.boundary;
    const PolicyList* const list = list_of(layer, policies_);
    if (list == nullptr) return nullptr;
    // One that belongs to nobody else: a customer managed policy may be attached elsewhere, too.
    const auto* const own =
        std::find_if(list->begin(), list->end(),
                     [](const PolicyPointer& policy) { return policy->arn.empty(); });
    return own == list->end() ? nullptr : *own;
  }

  [[nodiscard]] std::optional<PolicyChange> lift_deny() const {
    for (const Match& match : decision_.matches) {
      if (match.layer != decision_.decided_by || match.statement().effect != Effect::deny) continue;
      auto statement = statement_without(match, request_);
      const Kind kind = statement.empty() ? Kind::remove_statement : Kind::change_statement;
      return PolicyChange{kind, match.layer, match.policy, match.statement_index,
                          std::move(statement)};
    }
    return std::nullopt;
  }

  /// False: what came out is no policy.
  bool apply(const PolicyChange& change) {
    PolicyDocument document;
    if (change.policy) document = *change.policy->document;
    if (change.kind == Kind::remove_statement) {
      // In its place, one that matches nothing: places of others stay.
      document.statements[change.index].actions.clear();
      document.statements[change.index].not_action = false;
    } else {
      auto statement = parse_one_statement(change.statement, policy_kind(change.layer, request_));
      if (!statement) return false;
      if (change.kind == Kind::add_statement) {
        document.statements.push_back(*std::move(statement));
      } else {
        Statement& old = document.statements[change.index];
        statement->principals = old.principals;  // bound, as the directory did it
        statement->not_principals = old.not_principals;
        old = *std::move(statement);
      }
    }
    auto next = std::make_shared<NamedPolicy>();
    if (change.policy) *next = *change.policy;
    next->document = std::make_shared<const PolicyDocument>(std::move(document));
    put(change.layer, change.policy, std::move(next), policies_);
    return true;
  }

  PolicySet policies_;
  const RequestContext& request_;
  Decision decision_;
  std::vector<NearMatch> near_;
  Remedy out_;
};

}  // namespace

Remedy find_remedy(const PolicySet& policies, const RequestContext& request,
                   const Decision& decision) {
  return Search(policies, request, decision).run();
}

}  // namespace imdsd::iam
