// SPDX-License-Identifier: MIT
#include "sts/issue_for_service.h"

#include <memory>
#include <utility>

#include "aws/arn.h"
#include "base/log.h"
#include "iam/caller_keys.h"
#include "iam/evaluate.h"
#include "iam/make_principal.h"
#include "iam/request_keys.h"
#include "sts/issuer.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::fail;

/// A service principal has no identity policies: the trust policy alone decides.
iam::Decision decide(const ServiceSessionRequest& request,
                     const std::shared_ptr<const iam::Role>& role, const aws::Arn& role_arn,
                     base::SystemTime now) {
  const iam::Caller caller{iam::service_principal(request.service_principal), "", nullptr};
  iam::RequestContext context{&caller, "sts:AssumeRole", role_arn, role->account, {}};
  iam::add_caller_keys(caller, now, context.keys);
  iam::add_time_keys(now, context.keys);
  context.keys.set("sts:RoleSessionName", request.session_name);
  iam::PolicySet policies;
  policies.resource = iam::PolicyPointer(role, &role->trust_policy);
  policies.resource_must_allow = true;
  return iam::evaluate(policies, context);
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
  if (authority.mode != iam::AuthMode::off && !decide(request, role, role_arn, now).allowed()) {
    if (authority.mode == iam::AuthMode::enforce) {
      return fail(Errc::access_denied, "the trust policy of role `" + role->name +
                                           "` does not let " + request.service_principal +
                                           " assume it");
    }
    base::log_warn("trust policy would deny a service",
                   {{"role", role_arn.to_string()}, {"service", request.service_principal}});
  }
  SessionClaims claims = role_session(*role, request.session_name, now, request.lifetime);
  claims.session.role_delivery = request.delivery;
  claims.session.source_instance_arn = request.source_instance_arn;
  claims.session.from_service = true;
  return issue(std::move(claims), *authority.key_ring, random);
}

}  // namespace imdsd::sts
