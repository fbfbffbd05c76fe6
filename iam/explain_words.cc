// SPDX-License-Identifier: MIT
#include "iam/explain_words.h"

#include <cstddef>

#include "iam/describe_denial.h"

namespace imdsd::iam {
namespace {

std::string in_quotes(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + in_quotes(text);
  return out.empty() ? "nothing" : out;
}

/// "the role trust policy", "the permissions boundary `limit`"
std::string policy_words(const PolicyChange& change, const RequestContext& request) {
  const bool trusts =
      change.layer == Layer::resource && request.action.starts_with("sts:") && request.resource;
  if (trusts) return "the trust policy of " + request.resource->to_string();
  if (!change.policy) {
    return change.layer == Layer::resource
               ? "the resource-based policy of " + resource_of(request)
               : "a new inline policy of " + request.caller->principal.entity_arn;
  }
  std::string out = "the ";
  out.append(layer_name(change.layer)).append(" ").append(in_quotes(change.policy->name));
  if (!change.policy->arn.empty()) out += " (" + change.policy->arn + ")";
  return out;
}

}  // namespace

std::string_view effect_name(Effect effect) {
  return effect == Effect::allow ? "Allow" : "Deny";
}

std::string resource_of(const RequestContext& request) {
  return request.resource ? request.resource->to_string() : "";
}

std::string needed(const RequestContext& request, const Decision& decision) {
  if (decision.allowed()) return "";
  const std::string who(name_in_denial(request.caller->principal));
  const std::string layer(layer_name(decision.decided_by));
  if (!decision.setting.empty()) return "no " + std::string(decision.setting);
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

std::string condition_words(const WrittenCondition& condition, const ConditionKeys& keys) {
  const auto* const values = keys.find(condition.key);
  return in_quotes(condition.op) + " of " + in_quotes(condition.key) + " with " +
         quoted_list(condition.values) +
         (values == nullptr ? ": the request has no such key"
                            : ": the request has " + quoted_list(*values));
}

std::string lack_words(const NearMatch& near, const RequestContext& request) {
  const std::string resource = resource_of(request);
  switch (near.misses) {
    case NearMatch::Element::principal:
      return "its Principal does not have " +
             std::string(name_in_denial(request.caller->principal));
    case NearMatch::Element::action:
      return "its Action does not have " + request.action;
    case NearMatch::Element::resource:
      return resource.empty() ? "its Resource has to be `*` for an action without one"
                              : "its Resource does not have " + resource;
    case NearMatch::Element::condition:
      break;
  }
  std::string out = "its Condition does not hold";
  const auto written = written_conditions(near.match);
  for (const std::size_t place : near.conditions) {
    if (place < written.size()) out += "; " + condition_words(written[place], request.keys);
  }
  return out;
}

std::string change_words(const PolicyChange& change, const RequestContext& request) {
  const std::string policy = policy_words(change, request);
  const std::string place = "Statement[" + std::to_string(change.index) + "] of " + policy;
  switch (change.kind) {
    case PolicyChange::Kind::add_statement:
      return "add to " + policy + " this statement";
    case PolicyChange::Kind::change_statement:
      return "make " + place + " this one";
    case PolicyChange::Kind::remove_statement:
      break;
  }
  return "remove " + place;
}

}  // namespace imdsd::iam
