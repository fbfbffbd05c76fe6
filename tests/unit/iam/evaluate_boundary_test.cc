// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "iam/evaluate.h"
#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using namespace evaluation;

// A role session asks for an object of its own account's bucket; nothing denies. 28 rows: whom the
// bucket policy names, and which of boundary, identity policy and bucket policy allow.

struct BoundaryRow {
  std::string_view whom;
  bool boundary, identity, resource, allowed;
};

class BoundaryTable : public testing::TestWithParam<BoundaryRow> {};

TEST_P(BoundaryTable, IsAsObserved) {
  const BoundaryRow& row = GetParam();
  // A policy that is there and allows something else.
  PolicySet policies;
  policies.boundary = row.boundary ? allowing("boundary") : other_action("boundary");
  policies.identity = {row.identity ? allowing("identity") : other_action("identity")};
  if (row.resource) {
    const bool conditional = row.whom == "account" || row.whom == "everyone";
    const std::string condition =
        R"(,"Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/app/r"}})";
    policies.resource =
        resource_policy(std::string(row.whom), "Allow", conditional ? condition : "");
  }
  EXPECT_EQ(decide(policies, principal(PrincipalType::assumed_role)).allowed(), row.allowed)
      << row.whom << " boundary " << row.boundary << " identity " << row.identity << " resource "
      << row.resource;
}

constexpr BoundaryRow kBoundaryRows[] = {
    {"role", false, false, true, false},     {"role", false, true, true, false},
    {"role", true, true, false, true},       {"role", true, false, true, true},
    {"role", true, true, true, true},        {"role", true, false, false, false},
    {"role", false, true, false, false},

    {"session", false, false, true, true},   {"session", false, true, true, true},
    {"session", true, true, false, true},    {"session", true, false, true, true},
    {"session", true, true, true, true},     {"session", true, false, false, false},
    {"session", false, true, false, false},

    {"account", false, false, true, false},  {"account", false, true, true, false},
    {"account", true, true, false, true},    {"account", true, false, true, false},
    {"account", true, true, true, true},     {"account", true, false, false, false},
    {"account", false, true, false, false},

    {"everyone", false, false, true, true},  {"everyone", false, true, true, true},
    {"everyone", true, true, false, true},   {"everyone", true, false, true, true},
    {"everyone", true, true, true, true},    {"everyone", true, false, false, false},
    {"everyone", false, true, false, false},
};
INSTANTIATE_TEST_SUITE_P(Evaluate, BoundaryTable, testing::ValuesIn(kBoundaryRows));

}  // namespace
}  // namespace imdsd::iam
