// SPDX-License-Identifier: MIT
#include "iam/evaluate.h"

#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using namespace evaluation;
using Reason = Decision::Reason;

// The table of evaluate.h and the rules around it.

using P = PrincipalType;

struct Row {
  PrincipalType who;
  /// "resource allows user": the resource policy names the user; "identity silent": there is a
  /// policy, which speaks of something else; "other account": it owns the resource; "trust":
  /// resource_must_allow.
  std::string_view given;
  Reason reason;
  Layer decided_by;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.given;
}

PolicyPointer saying(std::string_view what, std::string name) {
  if (what == "allows") return allowing(std::move(name));
  if (what == "denies") return denying(std::move(name));
  EXPECT_EQ(what, "silent");
  return other_action(std::move(name));
}

struct Given {
  PolicySet policies;
  std::string resource_account{kAccount};
};

void add(std::string_view part, Given& out) {
  const std::string_view first = part.substr(0, part.find(' '));
  const std::string_view rest = part.substr(std::min(part.size(), first.size() + 1));
  PolicySet& policies = out.policies;
  if (part == "other account") {
    out.resource_account = kOtherAccount;
  } else if (part == "trust") {
    policies.resource_must_allow = true;
  } else if (first == "identity") {
    policies.identity = {saying(rest, "identity")};
  } else if (first == "boundary") {
    policies.boundary = saying(rest, "boundary");
  } else if (first == "session") {
    policies.session = PolicyList{saying(rest, "session")};
  } else if (first == "scp") {
    policies.service_control = PolicyList{saying(rest, "scp")};
  } else if (first == "rcp") {
    policies.resource_control = PolicyList{saying(rest, "rcp")};
  } else if (first == "resource") {
    const bool denies = rest.starts_with("denies ");
    policies.resource = resource_policy(std::string(rest.substr(7)), denies ? "Deny" : "Allow");
  } else {
    ADD_FAILURE() << part;
  }
}

Given read(std::string_view text) {
  Given out;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(", "), text.size());
    add(text.substr(0, comma), out);
    text.remove_prefix(std::min(text.size(), comma + 2));
  }
  return out;
}

class EvaluationTable : public testing::TestWithParam<Row> {};

TEST_P(EvaluationTable, Decides) {
  const Row& row = GetParam();
  const Given given = read(row.given);
  const Decision decision = decide(given.policies, principal(row.who), given.resource_account);
  EXPECT_EQ(decision.reason, row.reason);
  EXPECT_EQ(decision.decided_by, row.decided_by);
}

constexpr auto kYes = Reason::allowed;
constexpr auto kNo = Reason::implicit_deny;
constexpr auto kDenied = Reason::explicit_deny;

const Row kSameAccount[] = {
    {P::user, "", kNo, Layer::identity},
    {P::user, "identity allows", kYes, Layer::identity},
    {P::user, "identity denies", kDenied, Layer::identity},
    {P::user, "resource allows user", kYes, Layer::resource},
    {P::user, "resource allows user, boundary silent", kYes, Layer::resource},
    {P::user, "resource allows user, session silent", kYes, Layer::resource},
    {P::user, "resource allows user, identity denies", kDenied, Layer::identity},
    {P::user, "resource allows user, boundary denies", kDenied, Layer::boundary},
    {P::user, "resource allows user, session denies", kDenied, Layer::session},
    {P::user, "resource allows role", kNo, Layer::identity},
    {P::user, "resource allows everyone", kYes, Layer::resource},
    {P::user, "resource allows account", kNo, Layer::identity},
    {P::user, "resource allows root", kNo, Layer::identity},
    {P::user, "resource allows account, identity allows", kYes, Layer::identity},
    {P::user, "resource denies user, identity allows", kDenied, Layer::resource},
    {P::user, "resource denies account, identity allows", kDenied, Layer::resource},
    {P::user, "resource denies role, identity allows", kYes, Layer::identity},
    {P::user, "resource allows other account, identity allows", kYes, Layer::identity},
    {P::assumed_role, "resource allows role", kYes, Layer::resource},
    {P::assumed_role, "resource allows role, session silent", kNo, Layer::session},
    {P::assumed_role, "resource allows role, session allows", kYes, Layer::resource},
    {P::assumed_role, "resource allows role, boundary silent", kNo, Layer::boundary},
    {P::assumed_role, "resource allows session, session silent", kYes, Layer::resource},
    {P::assumed_role, "resource allows session, boundary silent, session silent", kYes,
     Layer::resource},
    {P::assumed_role, "resource allows session, session denies", kDenied, Layer::session},
    {P::assumed_role, "resource allows everyone, session silent", kYes, Layer::resource},
    {P::assumed_role, "resource allows account, session allows", kNo, Layer::identity},
    {P::assumed_role, "resource allows account, identity allows, session silent", kNo,
     Layer::session},
    {P::assumed_role, "identity allows, boundary silent, session allows", kNo, Layer::boundary},
    {P::assumed_role, "identity allows, boundary allows, session allows", kYes, Layer::identity},
    {P::assumed_role, "resource allows other session", kNo, Layer::identity},
    {P::assumed_role, "identity allows, session silent", kNo, Layer::session},
    {P::assumed_role, "identity allows, boundary allows", kYes, Layer::identity},
    {P::federated_user, "resource allows federated user, session silent", kYes, Layer::resource},
    {P::federated_user, "resource allows federated user, boundary silent, session silent", kYes,
     Layer::resource},
    {P::federated_user, "resource allows federated user, session denies", kDenied, Layer::session},
    {P::federated_user, "identity allows, session silent", kNo, Layer::session},
    {P::federated_user, "resource allows user, boundary silent, session allows", kNo,
     Layer::boundary},
    {P::federated_user, "resource allows user, session silent", kNo, Layer::session},
    {P::federated_user, "resource allows user, session allows", kYes, Layer::resource},
    {P::account_root, "", kYes, Layer::identity},
    {P::account_root, "resource denies root", kDenied, Layer::resource},
    {P::account_root, "scp silent", kNo, Layer::service_control},
    {P::account_root, "boundary silent", kYes, Layer::identity},
    {P::user, "identity allows, scp silent", kNo, Layer::service_control},
    {P::user, "resource allows user, scp silent", kNo, Layer::service_control},
    {P::user, "scp allows", kNo, Layer::identity},
    {P::user, "identity allows, scp denies", kDenied, Layer::service_control},
    {P::user, "identity allows, rcp silent", kNo, Layer::resource_control},
    {P::user, "resource allows everyone, rcp denies", kDenied, Layer::resource_control},
    {P::user, "identity allows, scp allows, rcp allows", kYes, Layer::identity},
};
INSTANTIATE_TEST_SUITE_P(SameAccount, EvaluationTable, testing::ValuesIn(kSameAccount));

const Row kCrossAccount[] = {
    {P::user, "identity allows, other account", kNo, Layer::resource},
    {P::user, "resource allows user, other account", kNo, Layer::identity},
    {P::user, "resource allows everyone, other account", kNo, Layer::identity},
    {P::user, "resource allows user, identity allows, other account", kYes, Layer::identity},
    {P::user, "resource allows account, identity allows, other account", kYes, Layer::identity},
    {P::user, "resource allows everyone, identity allows, other account", kYes, Layer::identity},
    {P::user, "resource allows other account, identity allows, other account", kNo,
     Layer::resource},
    {P::assumed_role, "resource allows role, other account", kNo, Layer::identity},
    {P::assumed_role, "resource allows session, identity allows, boundary silent, other account",
     kNo, Layer::boundary},
    {P::assumed_role, "resource allows session, identity allows, session silent, other account",
     kNo, Layer::session},
    {P::account_root, "resource allows root, other account", kYes, Layer::identity},
    {P::account_root, "other account", kNo, Layer::resource},
    {P::user, "resource denies everyone, identity allows, other account", kDenied, Layer::resource},
};
INSTANTIATE_TEST_SUITE_P(CrossAccount, EvaluationTable, testing::ValuesIn(kCrossAccount));

const Row kTrustPolicy[] = {
    {P::user, "identity allows, trust", kNo, Layer::resource},
    {P::user, "resource allows role, identity allows, trust", kNo, Layer::resource},
    {P::user, "resource allows user, trust", kYes, Layer::resource},
    {P::user, "resource allows user, identity denies, trust", kDenied, Layer::identity},
    {P::assumed_role, "resource allows role, trust", kYes, Layer::resource},
    {P::assumed_role, "resource allows role, session silent, trust", kNo, Layer::session},
    {P::assumed_role, "resource allows session, trust", kYes, Layer::resource},
    {P::assumed_role, "resource allows everyone, trust", kYes, Layer::resource},
    {P::user, "resource allows account, trust", kNo, Layer::identity},
    {P::user, "resource allows root, identity allows, trust", kYes, Layer::identity},
    {P::user, "resource allows user, other account, trust", kNo, Layer::identity},
    {P::user, "resource allows user, identity allows, other account, trust", kYes, Layer::identity},
    {P::user, "identity allows, other account, trust", kNo, Layer::resource},
};
INSTANTIATE_TEST_SUITE_P(TrustPolicy, EvaluationTable, testing::ValuesIn(kTrustPolicy));

const Row kWithoutIdentity[] = {
    {P::service, "resource allows ec2, trust", kYes, Layer::resource},
    {P::service, "resource allows lambda, trust", kNo, Layer::resource},
    {P::service, "resource allows account, trust", kNo, Layer::resource},
    {P::service, "resource allows everyone", kYes, Layer::resource},
    {P::service, "identity allows", kNo, Layer::resource},
    {P::service,
     "resource allows ec2, identity denies, boundary denies, session denies, scp denies", kYes,
     Layer::resource},
    {P::service, "resource allows ec2, rcp denies", kDenied, Layer::resource_control},
    {P::service, "resource allows ec2, rcp silent", kNo, Layer::resource_control},
    {P::service, "resource allows ec2, rcp allows", kYes, Layer::resource},
    {P::service, "resource denies ec2", kDenied, Layer::resource},
    {P::web_identity, "resource allows google, trust", kYes, Layer::resource},
    {P::web_identity, "resource allows saml", kNo, Layer::resource},
    {P::web_identity, "resource allows google, rcp silent", kNo, Layer::resource_control},
    {P::saml, "resource allows saml", kYes, Layer::resource},
    {P::anonymous, "resource allows everyone", kYes, Layer::resource},
    {P::anonymous, "resource allows account", kNo, Layer::resource},
    {P::anonymous, "", kNo, Layer::resource},
    {P::anonymous, "resource allows everyone, other account", kYes, Layer::resource},
};
INSTANTIATE_TEST_SUITE_P(WithoutIdentity, EvaluationTable, testing::ValuesIn(kWithoutIdentity));

}  // namespace
}  // namespace imdsd::iam
