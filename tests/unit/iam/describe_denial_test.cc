// SPDX-License-Identifier: MIT
#include "iam/describe_denial.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace imdsd::iam
