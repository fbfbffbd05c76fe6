// SPDX-License-Identifier: MIT
#include "iam/describe_denial.h"

#include <gtest/gtest.h>

#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using Reason = Decision::Reason;

TEST(DescribeDenial, SpeaksAsAws) {
  struct Case {
    Reason reason;
    Layer layer;
    std::string_view action, expected;
  };
  const Case cases[] = {
      {Reason::implicit_deny, Layer::identity, "s3:ListBucket",
       "because no identity-based policy allows the s3:ListBucket action"},
      {Reason::implicit_deny, Layer::boundary, "s3:ListBucket",
       "because no permissions boundary allows the s3:ListBucket action"},
      {Reason::implicit_deny, Layer::session, "s3:ListBucket",
       "because no session policy allows the s3:ListBucket action"},
      {Reason::implicit_deny, Layer::resource, "s3:ListBucket",
       "because no resource-based policy allows the s3:ListBucket action"},
      {Reason::implicit_deny, Layer::resource, "sts:AssumeRole",
       "because no role trust policy allows the sts:AssumeRole action"},
      {Reason::implicit_deny, Layer::service_control, "s3:ListBucket",
       "because no service control policy allows the s3:ListBucket action"},
      {Reason::implicit_deny, Layer::resource_control, "s3:ListBucket",
       "because no resource control policy allows the s3:ListBucket action"},
      {Reason::explicit_deny, Layer::identity, "s3:ListBucket",
       "with an explicit deny in an identity-based policy"},
      {Reason::explicit_deny, Layer::boundary, "s3:ListBucket",
       "with an explicit deny in a permissions boundary"},
      {Reason::explicit_deny, Layer::session, "s3:ListBucket",
       "with an explicit deny in a session policy"},
      {Reason::explicit_deny, Layer::resource, "s3:ListBucket",
       "with an explicit deny in a resource-based policy"},
      {Reason::explicit_deny, Layer::resource, "sts:AssumeRole",
       "with an explicit deny in the role trust policy"},
      {Reason::explicit_deny, Layer::service_control, "s3:ListBucket",
       "with an explicit deny in a service control policy"},
      {Reason::explicit_deny, Layer::resource_control, "s3:ListBucket",
       "with an explicit deny in a resource control policy"},
      {Reason::allowed, Layer::identity, "s3:ListBucket", ""},
  };
  for (const Case& c : cases) {
    Decision decision;
    decision.reason = c.reason;
    decision.decided_by = c.layer;
    EXPECT_EQ(describe_denial(decision, c.action), c.expected);
  }
}

TEST(AccessDeniedMessage, SpeaksAsAws) {
  struct Case {
    PrincipalType who;
    std::string_view action, resource;
    Layer layer;
    std::string_view expected;
  };
  const Case cases[] = {
      {PrincipalType::user, "iam:GetRole", "arn:aws:iam::123456789012:role/r", Layer::identity,
       "User: arn:aws:iam::123456789012:user/team/u is not authorized to perform: iam:GetRole on "
       "resource: arn:aws:iam::123456789012:role/r because no identity-based policy allows the "
       "iam:GetRole action"},
      {PrincipalType::assumed_role, "sts:GetAccessKeyInfo", "", Layer::session,
       "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: "
       "sts:GetAccessKeyInfo because no session policy allows the sts:GetAccessKeyInfo action"},
      {PrincipalType::user, "sts:AssumeRole", "arn:aws:iam::123456789012:role/r", Layer::resource,
       "User: arn:aws:iam::123456789012:user/team/u is not authorized to perform: sts:AssumeRole "
       "on resource: arn:aws:iam::123456789012:role/r"},
      {PrincipalType::user, "sts:TagSession", "arn:aws:iam::123456789012:role/r", Layer::resource,
       "User: arn:aws:iam::123456789012:user/team/u is not authorized to perform: sts:TagSession "
       "on resource: arn:aws:iam::123456789012:role/r"},
      {PrincipalType::web_identity, "sts:AssumeRoleWithWebIdentity",
       "arn:aws:iam::123456789012:role/r", Layer::resource,
       "Not authorized to perform sts:AssumeRoleWithWebIdentity"},
      {PrincipalType::service, "iam:GetRole", "", Layer::resource,
       "User: ec2.amazonaws.com is not authorized to perform: iam:GetRole because no "
       "resource-based policy allows the iam:GetRole action"},
      {PrincipalType::anonymous, "iam:GetRole", "", Layer::resource,
       "User: anonymous is not authorized to perform: iam:GetRole because no resource-based "
       "policy allows the iam:GetRole action"},
  };
  for (const Case& c : cases) {
    Caller caller;
    caller.principal = evaluation::principal(c.who);
    RequestContext request{&caller, std::string(c.action), std::nullopt, "", {}};
    if (!c.resource.empty()) request.resource = *aws::Arn::parse(c.resource);
    Decision decision;
    decision.decided_by = c.layer;
    EXPECT_EQ(access_denied_message(request, decision), c.expected);
    decision.reason = Reason::allowed;
    EXPECT_EQ(access_denied_message(request, decision), "");
  }
}

}  // namespace
}  // namespace imdsd::iam
