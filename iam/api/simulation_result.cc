// SPDX-License-Identifier: MIT
#include "iam/api/simulation_result.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "iam/action_table.h"
#include "iam/arn_overlap.h"

namespace imdsd::iam::api {
namespace {

using Reason = Decision::Reason;
using Results = std::span<const ResourceResult>;

std::string_view decision_name(Reason reason) {
  switch (reason) {
    case Reason::allowed:
      return "allowed";
    case Reason::explicit_deny:
      return "explicitDeny";
    case Reason::implicit_deny:
      return "implicitDeny";
  }
  return "";
}

std::string_view decision_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::allow:
      return "allowed";
    case Verdict::explicit_deny:
      return "explicitDeny";
    case Verdict::implicit_deny:
    case Verdict::not_applicable:
      return "implicitDeny";
  }
  return "";
}

/// Of all resources: any denial outweighs what is allowed, an explicit one the other.
Reason strictest(Results results) {
  const auto any = [&](Reason reason) {
    return std::any_of(results.begin(), results.end(), [&](const ResourceResult& each) {
      return each.result.decision.reason == reason;
    });
  };
  if (any(Reason::explicit_deny)) return Reason::explicit_deny;
  return any(Reason::implicit_deny) ? Reason::implicit_deny : Reason::allowed;
}

/// Nothing when no resource has a verdict of this layer.
std::optional<bool> all_allowed(Results results, Layer layer) {
  std::optional<bool> out;
  for (const ResourceResult& each : results) {
    const Verdict verdict = each.result.decision.verdict(layer);
    if (verdict == Verdict::not_applicable) continue;
    out = out.value_or(true) && verdict == Verdict::allow;
  }
  return out;
}

/// The service control policies end a simulation that they do not allow
/// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html:
/// EvalDecisionDetails), and no more is told of it.
bool is_told(const ResourceResult& each) {
  const Verdict verdict = each.result.decision.verdict(Layer::service_control);
  return verdict == Verdict::allow || verdict == Verdict::not_applicable;
}

void write_position(base::XmlWriter& xml, std::string_view name, TextPosition position) {
  xml.open(name)
      .leaf("Line", std::to_string(position.line))
      .leaf("Column", std::to_string(position.column))
      .close();
}

/// Where that position is in `text`, in bytes.
std::size_t offset_of(TextPosition position, std::string_view text) {
  std::size_t at = 0;
  for (unsigned line = 1; line < position.line; ++line) at = text.find('\n', at) + 1;
  return at + position.column - 1;
}

/// As recorded from AWS, which counts a statement that is in no list from behind its brace.
TextPosition shown_start(const Match& match) {
  TextPosition start = match.statement().start;
  const std::string_view text = match.policy->document->text;
  const std::string_view before = text.substr(0, offset_of(start, text));
  const std::size_t last = before.find_last_not_of(" \t\r\n");
  if (last != std::string_view::npos && before[last] == ':') ++start.column;
  return start;
}

using Matches = std::vector<const Match*>;

/// Only the statements that made the decision are shown: of an explicit denial those that deny.
void add_matches(const Decision& decision, Matches& out) {
  const Effect shown = decision.reason == Reason::explicit_deny ? Effect::deny : Effect::allow;
  for (const Match& match : decision.matches) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const Match* other) {
      return other->policy == match.policy && other->statement_index == match.statement_index;
    });
    if (match.statement().effect == shown && !known) out.push_back(&match);
  }
}

/// Of an implicit denial there is no statement that made it.
Matches deciding_matches(Results results, Reason reason) {
  Matches out;
  if (reason == Reason::implicit_deny) return out;
  for (const ResourceResult& each : results) {
    if (each.result.decision.reason == reason) add_matches(each.result.decision, out);
  }
  return out;
}

void write_matches(base::XmlWriter& xml, const Matches& matches) {
  xml.open("MatchedStatements");
  for (const Match* match : matches) {
    xml.open("member")
        .leaf("SourcePolicyId", match->policy->name)
        .leaf("SourcePolicyType",
              match->layer == Layer::resource ? "Resource Policy" : "IAM Policy");
    write_position(xml, "StartPosition", shown_start(*match));
    write_position(xml, "EndPosition", match->statement().end);
    xml.close();
  }
  xml.close();
}

void write_missing(base::XmlWriter& xml, Results results) {
  std::vector<std::string_view> keys;
  for (const ResourceResult& each : results) {
    for (const std::string& key : each.result.missing_keys) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  xml.open("MissingContextValues");
  for (const std::string_view key : keys) xml.leaf("member", key);
  xml.close();
}

void write_limit(base::XmlWriter& xml, Results results, Layer layer, std::string_view element,
                 std::string_view allowed) {
  if (const auto limit = all_allowed(results, layer)) {
    xml.open(element).leaf(allowed, *limit ? "true" : "false").close();
  }
}

void write_boundary(base::XmlWriter& xml, Results results) {
  write_limit(xml, results, Layer::boundary, "PermissionsBoundaryDecisionDetail",
              "AllowedByPermissionsBoundary");
}

struct DetailName {
  Layer layer;
  std::string_view name;
};

constexpr std::array kDetailNames{
    DetailName{Layer::identity, "IAM Policy"},
    DetailName{Layer::resource, "Resource Policy"},
    DetailName{Layer::boundary, "Permissions Boundary Policy"},
};

/// What each kind of policy says, the strictest of all resources. Entries are for resources of
/// other accounts alone.
void write_details(base::XmlWriter& xml, Results results) {
  xml.open("EvalDecisionDetails");
  for (const DetailName& detail : kDetailNames) {
    std::optional<Verdict> strictest;
    for (const ResourceResult& each : results) {
      const Verdict verdict = each.result.decision.verdict(detail.layer);
      if (!is_cross_account(each.result.request) || verdict == Verdict::not_applicable) continue;
      strictest = std::max(strictest.value_or(verdict), verdict);
    }
    if (!strictest) continue;
    xml.open("entry").leaf("key", detail.name).leaf("value", decision_name(*strictest)).close();
  }
  xml.close();
}

void write_specific(base::XmlWriter& xml, const ResourceResult& each) {
  const Results alone(&each, 1);
  const Decision& decision = each.result.decision;
  xml.open("member")
      .leaf("EvalResourceName", each.resource)
      .leaf("EvalResourceDecision", decision_name(decision.reason));
  Matches matches;
  add_matches(decision, matches);
  write_matches(xml, matches);
  write_missing(xml, alone);
  if (is_cross_account(each.result.request)) write_details(xml, alone);
  write_boundary(xml, alone);
  xml.close();
}

/// The one that was asked for, or of many AWS's pattern for their kind:
/// "arn:aws:iam::${Account}:role/${RoleNameWithPath}".
std::string resource_name(std::string_view action, Results results, std::string_view partition) {
  if (results.size() == 1) return results.front().resource;
  const ActionInfo* const known = find_action(action);
  if (known == nullptr || known->resources.empty()) return "*";
  const auto& kinds = known->resources;
  const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const ResourceType* each) {
    return arns_overlap(results.front().resource, each->arn);
  });
  constexpr std::string_view kPartition = "${Partition}";
  std::string arn(kind == kinds.end() ? kinds.front()->arn : (*kind)->arn);
  if (const std::size_t at = arn.find(kPartition); at != std::string::npos) {
    arn.replace(at, kPartition.size(), partition);
  }
  return arn;
}

}  // namespace

void write_evaluation_result(base::XmlWriter& xml, std::string_view action, Results results,
                             std::string_view partition) {
  const Reason reason = strictest(results);
  xml.leaf("EvalActionName", action)
      .leaf("EvalResourceName", resource_name(action, results, partition))
      .leaf("EvalDecision", decision_name(reason));
  write_matches(xml, deciding_matches(results, reason));
  write_missing(xml, results);
  write_limit(xml, results, Layer::service_control, "OrganizationsDecisionDetail",
              "AllowedByOrganizations");
  write_boundary(xml, results);
  const bool all_resources = results.size() == 1 && results.front().resource == "*";
  if (all_resources || std::none_of(results.begin(), results.end(), is_told)) return;
  write_details(xml, results);
  xml.open("ResourceSpecificResults");
  for (const ResourceResult& each : results) {
    if (is_told(each)) write_specific(xml, each);
  }
  xml.close();
}

}  // namespace imdsd::iam::api
