// SPDX-License-Identifier: MIT
#include "sts/issue_for_service.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aws/arn.h"
#include "aws/parameter_check.h"
#include "base/log.h"
#include "iam/caller_keys.h"
#include "iam/evaluate.h"
#include "iam/make_principal.h"
#include "iam/request_keys.h"
#include "sts/issuer.h"
#include "sts/session_tags.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::fail;

constexpr const char* kAssumeRole = "sts:AssumeRole";
constexpr const char* kTagSession = "sts:TagSession";

/// The request's own tags are all of it: a service begins the chain.
base::Result<SessionTags> tags_of(const ServiceSessionRequest& request) {
  std::vector<iam::Tag> tags;
  std::vector<std::string> keys;
  for (const auto& [key, value] : request.tags) {
    tags.push_back({key, value});
    keys.push_back(key);
  }
  aws::ParameterCheck check;
  SessionTags::check(tags, keys, check);
  auto error = check.error();
  if (!error) {
    auto made = SessionTags::make(std::move(tags), keys);
    if (made) return *std::move(made);
    error = std::move(made).error();
  }
  return fail(Errc::invalid_argument,
              "session tags of " + request.service_principal + ": " + error->message.value_or(""));
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
/// properties of a role session
std::map<std::string, std::vector<std::string>> place_keys(const ServiceSessionRequest& request) {
  std::map<std::string, std::vector<std::string>> keys;
  const auto add = [&keys](const char* key, const std::string& value) {
    if (!value.empty()) keys.emplace(key, std::vector<std::string>{value});
  };
  add("aws:Ec2InstanceSourceVpc", request.source_vpc);
  add("aws:Ec2InstanceSourcePrivateIPv4", request.source_private_ipv4);
  return keys;
}

/// One of the actions that the session takes.
struct Decided {
  const ServiceSessionRequest& request;
  const Authority& authority;
  const SessionTags& tags;
  const std::shared_ptr<const iam::Role>& role;
  const aws::Arn& role_arn;
  base::SystemTime now;
};

/// A service principal has no identity policies: the trust policy alone decides.
/// The account's resource control policies may deny it
/// (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html,
/// EnforceConfusedDeputyProtection).
iam::Decision decide(const std::string& action, const Decided& d) {
  const iam::Caller caller{iam::service_principal(d.request.service_principal), "", nullptr};
  iam::RequestContext context{&caller, action, d.role_arn, d.role->account, {}};
  iam::add_caller_keys(caller, d.now, context.keys);
  iam::add_time_keys(d.now, context.keys);
  if (action == kAssumeRole) context.keys.set("sts:RoleSessionName", d.request.session_name);
  if (const auto source = aws::Arn::parse(d.request.source_arn)) {
    context.keys.set("aws:SourceArn", d.request.source_arn);
    context.keys.set("aws:SourceAccount", source->account);
  }
  context.keys.set("aws:ResourceAccount", d.role->account);
  d.tags.add_request_keys(context.keys);
  iam::PolicySet policies;
  policies.resource = iam::PolicyPointer(d.role, &d.role->trust_policy);
  policies.resource_must_allow = true;
  iam::add_control_policies(d.authority.control_policies, "", d.role->account, policies);
  return iam::evaluate(policies, context);
}

bool by_trust(const iam::Decision& decision) {
  return decision.decided_by == iam::Layer::resource;
}

tl::unexpected<base::Error> refusal(std::string_view action, const iam::Decision& decision,
                                    const Decided& d) {
  const std::string& role = d.role->name;
  const std::string& service = d.request.service_principal;
  const bool assumes = action == kAssumeRole;
  if (!by_trust(decision)) {
    return fail(Errc::access_denied, "a resource control policy of account " + d.role->account +
                                         " does not let " + service +
                                         (assumes ? " assume role `" : " tag sessions of role `") +
                                         role + "`");
  }
  return fail(Errc::access_denied,
              "the trust policy of role `" + role + "` does not let " + service +
                  (assumes ? " assume it" : " tag its sessions (sts:TagSession)"));
}

/// Errc::access_denied where the mode does not let a denial pass.
base::Result<void> check_trust(const Decided& d) {
  const iam::AuthMode mode = d.authority.mode;
  if (mode == iam::AuthMode::off) return {};
  for (const char* const action : {kAssumeRole, kTagSession}) {
    const bool asked = action == kAssumeRole || !d.tags.empty();
    if (!asked) continue;
    const iam::Decision decision = decide(action, d);
    if (decision.allowed()) continue;
    const std::string& service = d.request.service_principal;
    if (mode == iam::AuthMode::enforce) return refusal(action, decision, d);
    base::log_warn(by_trust(decision) ? "trust policy would deny a service"
                                      : "resource control policy would deny a service",
                   {{"role", d.role_arn.to_string()}, {"service", service}, {"action", action}});
  }
  return {};
}

}  // namespace

base::Result<aws::Credentials> issue_for_service(const ServiceSessionRequest& request,
                                                 const Authority& authority, base::SystemTime now,
                                                 base::Random& random) {
  const auto role = authority.directory->find<iam::Role>(request.account, request.role_name);
  if (!role) {
    return fail(Errc::not_found,
                "no role `" + request.role_name + "` in account " + request.account);
  }
  IMDSD_TRY(const aws::Arn role_arn, aws::Arn::parse(iam::arn_of(*role, authority.partition)));
  IMDSD_TRY(auto tags, tags_of(request));
  IMDSD_TRY_VOID(check_trust({request, authority, tags, role, role_arn, now}));
  SessionClaims claims = role_session(*role, request.session_name, now, request.lifetime);
  claims.session.role_delivery = request.delivery;
  claims.session.source_instance_arn = request.source_instance_arn;
  claims.session.provider_keys = place_keys(request);
  claims.session.from_service = true;
  std::move(tags).describe(claims.session);
  return issue(std::move(claims), *authority.key_ring, random);
}

}  // namespace imdsd::sts
