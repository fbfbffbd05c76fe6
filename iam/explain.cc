// SPDX-License-Identifier: MIT
#include "iam/explain.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/printable.h"
#include "iam/describe_denial.h"
#include "iam/explain_words.h"
#include "iam/near_match.h"
#include "iam/remedy.h"

namespace imdsd::iam {
namespace {

std::string place(const Match& match) {
  const Statement& statement = match.statement();
  std::string out = "Statement[" + std::to_string(match.statement_index) + "]";
  if (!statement.sid.empty()) out += " \"" + statement.sid + "\"";
  out += " of " + match.policy->name;
  if (!match.policy->arn.empty()) out += " (" + match.policy->arn + ")";
  return base::printable(out) + ", line " + std::to_string(statement.start.line);
}

std::string line(std::string name, std::string_view value) {
  constexpr std::size_t kColumn = 26;
  name.resize(std::max(kColumn, name.size() + 1), ' ');
  // What a request brings along may hold anything, and this goes to a terminal.
  return name + base::printable(value) + "\n";
}

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += "  " + base::printable(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string layer_lines(Layer layer, const RequestContext& request, const Decision& decision,
                        const std::vector<NearMatch>& near) {
  std::string out = line(std::string(layer_name(layer)), verdict_name(decision.verdict(layer)));
  for (const Match& match : decision.matches) {
    if (match.layer != layer) continue;
    const Effect effect = match.statement().effect;
    out += "  " + std::string(effect_name(effect)) + " by " + place(match) + "\n";
    if (effect == Effect::allow) continue;
    for (const WrittenCondition& condition : written_conditions(match)) {
      out += "    " + base::printable(condition_words(condition, request.keys)) + "\n";
    }
  }
  for (const NearMatch& each : near) {
    if (each.match.layer != layer) continue;
    out += "  nearly by " + place(each.match) + "\n    " +
           base::printable(lack_words(each, request)) + "\n";
  }
  return out;
}

std::string remedy_lines(const ReadableRemedy& readable, const RequestContext& request) {
  const Remedy& remedy = readable.remedy;
  std::string out;
  if (!remedy.keys.empty()) {
    std::string keys;
    for (const auto& [key, value] : remedy.keys) {
      keys += (keys.empty() ? "" : ", ") + key + " = " + value;
    }
    out += line("allowed as it is with", keys);
  }
  if (!remedy.allows && !readable.lacks_some) {
    return out + line("change", "none of these policies alone would allow it");
  }
  for (const PolicyChange& change : remedy.changes) {
    const bool shows = !change.statement.empty();
    out += line("change", change_words(change, request) + (shows ? ":" : ""));
    if (shows) out += indented(change.statement);
  }
  if (readable.lacks_some) {
    return out + line("change", "in policies of another account, which are not told here");
  }
  const bool one = remedy.changes.size() == 1;
  return out +
         line("decided again", one ? "allowed with this change" : "allowed with all of these");
}

}  // namespace

std::string explain(const PolicySet& policies, const RequestContext& request,
                    const Decision& decision, const ReadableLayers& readable) {
  const Decision told = readable.part_of(decision);
  std::string out = std::string(reason_name(decision.reason)) + " by the " +
                    std::string(layer_name(decision.decided_by)) + "\n";
  out += line("principal", name_in_denial(request.caller->principal));
  out += line("action", request.action);
  if (request.resource) out += line("resource", resource_of(request));
  const auto near = readable.part_of(
      decision.allowed() ? std::vector<NearMatch>() : near_matches(policies, request, decision));
  for (std::size_t i = 0; i < kLayerCount; ++i) {
    out += layer_lines(static_cast<Layer>(i), request, told, near);
  }
  if (decision.allowed()) return out;
  out += line("needed", needed(request, decision));
  return out + remedy_lines(readable.part_of(find_remedy(policies, request, decision)), request);
}

struct Explanation::Denial {
  Caller caller;
  PolicySet policies;
  RequestContext request;  // its caller is this one's
  Decision decision;
};

Explanation::Explanation(PolicySet policies, const RequestContext& request,
                         const Decision& decision) {
  auto kept =
      std::make_shared<Denial>(Denial{*request.caller, std::move(policies), request, decision});
  kept->request.caller = &kept->caller;
  denial_ = std::move(kept);
}

ReadableLayers Explanation::readable_to(std::string_view account) const {
  return account.empty() ? ReadableLayers() : ReadableLayers(denial_->request, account);
}

std::string Explanation::text(std::string_view account) const {
  return explain(denial_->policies, denial_->request, denial_->decision, readable_to(account));
}

std::string Explanation::json(std::string_view account) const {
  return explain_json(denial_->policies, denial_->request, denial_->decision, readable_to(account));
}

}  // namespace imdsd::iam
