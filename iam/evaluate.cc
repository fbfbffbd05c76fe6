// SPDX-License-Identifier: MIT
#include "iam/evaluate.h"

#include <algorithm>
#include <string_view>

#include "base/codec.h"
#include "iam/statement_match.h"

namespace imdsd::iam {
namespace {

using Reason = Decision::Reason;

/// Does its policies' side (identity, boundary, session) exist at all?
bool has_identity_side(PrincipalType type) {
  return type == PrincipalType::account_root || type == PrincipalType::user ||
         type == PrincipalType::assumed_role || type == PrincipalType::federated_user;
}

/// Those of the services that we have, but IAM and EC2
/// (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html, list
/// of services that support RCPs).
bool is_bound_by_resource_control(std::string_view action) {
  const std::string_view service = action.substr(0, 4);
  return !base::equals_ignoring_case(service, "iam:") &&
         !base::equals_ignoring_case(service, "ec2:");
}

class Evaluation {
 public:
  Evaluation(const PolicySet& policies, const RequestContext& request)
      : policies_(policies),
        request_(request),
        principal_(request.caller->principal),
        text_(request) {}

  Decision run() {
    look_at_all();
    decide();
    return std::move(decision_);
  }

 private:
  Verdict& verdict(Layer layer) { return decision_.verdicts[static_cast<std::size_t>(layer)]; }
  [[nodiscard]] bool allows(Layer layer) { return verdict(layer) == Verdict::allow; }
  [[nodiscard]] bool does_not_refuse(Layer layer) {
    return allows(layer) || verdict(layer) == Verdict::not_applicable;
  }

  void look_at_all() {
    const bool identity_side = has_identity_side(principal_.type);
    if (policies_.service_control && identity_side) {
      look_at(Layer::service_control, *policies_.service_control);
    }
    if (policies_.resource_control && is_bound_by_resource_control(request_.action)) {
      look_at(Layer::resource_control, *policies_.resource_control);
    }
    look_at(Layer::resource, policies_.resource);
    if (!identity_side) return;
    if (principal_.type == PrincipalType::account_root) {
      verdict(Layer::identity) = Verdict::allow;
    } else {
      look_at(Layer::identity, policies_.identity);
      look_at(Layer::boundary, policies_.boundary);
    }
    if (policies_.session) look_at(Layer::session, *policies_.session);
  }

  void look_at(Layer layer, const PolicyList& policies) {
    verdict(layer) = Verdict::implicit_deny;
    for (const PolicyPointer& policy : policies) look_at_statements(layer, policy);
  }

  void look_at(Layer layer, const PolicyPointer& policy) {
    if (!policy) return;
    verdict(layer) = Verdict::implicit_deny;
    look_at_statements(layer, policy);
  }

  void look_at_statements(Layer layer, const PolicyPointer& policy) {
    const auto& statements = policy->document->statements;
    for (std::size_t i = 0; i < statements.size(); ++i) {
      const PrincipalMatch named =
          layer == Layer::resource ? named_by(statements[i], principal_) : PrincipalMatch::caller;
      if (named == PrincipalMatch::none || !matches(statements[i])) continue;
      decision_.matches.push_back({layer, policy, i});
      count(layer, statements[i].effect, named);
    }
  }

  [[nodiscard]] bool matches(const Statement& statement) const {
    return matches_action(statement, text_) &&
           matches_resource(statement, text_.resource(), request_.keys) &&
           conditions_hold(statement, request_.keys);
  }

  void count(Layer layer, Effect effect, PrincipalMatch named) {
    if (effect == Effect::deny) {
      verdict(layer) = Verdict::explicit_deny;
      return;
    }
    if (verdict(layer) != Verdict::explicit_deny) verdict(layer) = Verdict::allow;
    if (layer == Layer::resource) named_ = std::max(named_, named);
  }

  void decide() {
    for (std::size_t i = 0; i < kLayerCount; ++i) {
      if (decision_.verdicts[i] == Verdict::explicit_deny) {
        return conclude(Reason::explicit_deny, static_cast<Layer>(i));
      }
    }
    for (const Layer layer : {Layer::service_control, Layer::resource_control}) {
      if (!does_not_refuse(layer)) return conclude(Reason::implicit_deny, layer);
    }
    if (!has_identity_side(principal_.type)) {
      return conclude(allows(Layer::resource) ? Reason::allowed : Reason::implicit_deny,
                      Layer::resource);
    }
    decide_with_identity();
  }

  /// INVARIANT: no explicit deny, and the control policies allow.
  void decide_with_identity() {
    const bool other_account = is_cross_account(request_);
    const bool identity_allows = allows(Layer::identity);
    if (!other_account && named_ == PrincipalMatch::caller) {
      return conclude(Reason::allowed, Layer::resource);
    }
    // Another account's resource: its own account answers first, as AWS's texts do.
    if (other_account && !identity_allows) return conclude(Reason::implicit_deny, Layer::identity);
    if ((other_account || policies_.resource_must_allow) && !allows(Layer::resource)) {
      return conclude(Reason::implicit_deny, Layer::resource);
    }
    if (!identity_allows && named_ != PrincipalMatch::entity) {
      return conclude(Reason::implicit_deny, Layer::identity);
    }
    for (const Layer layer : {Layer::boundary, Layer::session}) {
      if (!does_not_refuse(layer)) return conclude(Reason::implicit_deny, layer);
    }
    conclude(Reason::allowed, identity_allows ? Layer::identity : Layer::resource);
  }

  void conclude(Reason reason, Layer layer) {
    decision_.reason = reason;
    decision_.decided_by = layer;
  }

  const PolicySet& policies_;
  const RequestContext& request_;
  const Principal& principal_;
  const RequestText text_;
  PrincipalMatch named_ =
      PrincipalMatch::none;  // by a statement of the resource policy that allows
  Decision decision_;
};

}  // namespace

bool is_cross_account(const RequestContext& request) {
  return !request.resource_account.empty() &&
         request.resource_account != request.caller->principal.account;
}

Decision evaluate(const PolicySet& policies, const RequestContext& request) {
  return Evaluation(policies, request).run();
}

}  // namespace imdsd::iam
