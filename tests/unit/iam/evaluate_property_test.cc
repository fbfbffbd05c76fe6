// SPDX-License-Identifier: MIT
// What must hold for any policies and any request.
#include <algorithm>
#include <array>
#include <utility>

#include <gtest/gtest.h>

#include "iam/evaluate.h"
#include "tests/unit/iam/random_policies.h"

namespace imdsd::iam {
namespace {

using namespace evaluation;
using random_policies::Generator;
using random_policies::Json;

constexpr unsigned kCases = 3000;

/// The texts of the policies of one case; null where there is none.
struct World {
  Json identity = Json::array();  // of policies
  Json resource, boundary, session;
  bool resource_must_allow = false;
};

PolicyPointer parsed(const Json& text, PolicyKind kind) {
  auto policy = parse_policy(text.dump(), kind);
  EXPECT_TRUE(policy) << text << policy.error().message;
  if (!policy) return nullptr;
  return std::make_shared<const NamedPolicy>(
      NamedPolicy{"p", "", std::make_shared<const PolicyDocument>(std::move(policy->document))});
}

PolicySet policies_of(const World& world) {
  PolicySet out;
  for (const Json& text : world.identity) {
    out.identity.push_back(parsed(text, PolicyKind::identity));
  }
  if (!world.resource.is_null()) out.resource = parsed(world.resource, PolicyKind::resource);
  if (!world.boundary.is_null()) out.boundary = parsed(world.boundary, PolicyKind::boundary);
  if (!world.session.is_null()) {
    out.session = PolicyList{parsed(world.session, PolicyKind::session)};
  }
  out.resource_must_allow = world.resource_must_allow;
  return out;
}

/// One random case: a world, a caller and a request.
struct Case {
  explicit Case(unsigned seed) : generator(seed) {
    for (std::size_t i = generator.below(3); i > 0; --i) {
      world.identity.push_back(generator.policy(false));
    }
    if (generator.one_in(2)) world.resource = generator.policy(true);
    if (generator.one_in(3)) world.boundary = generator.policy(false);
    if (generator.one_in(3)) world.session = generator.policy(false);
    world.resource_must_allow = generator.one_in(4);
    constexpr std::array kTypes{PrincipalType::user, PrincipalType::assumed_role,
                                PrincipalType::federated_user, PrincipalType::account_root};
    caller.principal = principal(kTypes[generator.below(kTypes.size())]);
    request.caller = &caller;
    request.action = generator.action();
    request.resource = generator.resource();
    request.resource_account = generator.one_in(4) ? kOtherAccount : kAccount;
    generator.set_keys(request.keys);
  }
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  /// One of the layers that have a policy, to be changed; null when there is none.
  Json* any_policy() {
    std::vector<Json*> all;
    for (Json& policy : world.identity) all.push_back(&policy);
    for (Json* policy : {&world.resource, &world.boundary, &world.session}) {
      if (!policy->is_null()) all.push_back(policy);
    }
    return all.empty() ? nullptr : all[generator.below(all.size())];
  }
  [[nodiscard]] Decision decide() const { return evaluate(policies_of(world), request); }

  Generator generator;
  World world;
  Caller caller;
  RequestContext request;
};

/// Runs every case; `change` is given a case and its decision before, and returns false to skip.
template <class Change, class Check>
void for_all(Change change, Check check) {
  unsigned checked = 0, allowed = 0;
  for (unsigned seed = 0; seed < kCases; ++seed) {
    Case one(seed);
    const Decision before = one.decide();
    allowed += before.allowed() ? 1 : 0;
    if (!change(one)) continue;
    ++checked;
    SCOPED_TRACE("seed " + std::to_string(seed));
    check(before, one.decide());
    if (testing::Test::HasFailure()) return;
  }
  // The generator is of use only while its cases go both ways.
  EXPECT_GT(checked, kCases / 3);
  EXPECT_GT(allowed, kCases / 10);
  EXPECT_LT(allowed, kCases * 9 / 10);
}

TEST(EvaluateProperty, AddingADenyNeverAllows) {
  for_all(
      [](Case& one) {
        Json* policy = one.any_policy();
        if (policy == nullptr) return false;
        Json statement = one.generator.statement(policy == &one.world.resource);
        statement["Effect"] = "Deny";
        (*policy)["Statement"].push_back(std::move(statement));
        return true;
      },
      [](const Decision& before, const Decision& after) {
        EXPECT_TRUE(before.allowed() || !after.allowed());
      });
}

TEST(EvaluateProperty, RemovingAnAllowNeverAllows) {
  for_all(
      [](Case& one) {
        Json* policy = one.any_policy();
        if (policy == nullptr) return false;
        Json& statements = (*policy)["Statement"];
        const auto allow = std::find_if(statements.begin(), statements.end(),
                                        [](const Json& s) { return s["Effect"] == "Allow"; });
        if (allow == statements.end() || statements.size() == 1) return false;
        statements.erase(allow);
        return true;
      },
      [](const Decision& before, const Decision& after) {
        EXPECT_TRUE(before.allowed() || !after.allowed());
      });
}

TEST(EvaluateProperty, AddingAnAllowNeverDeniesWhatWasAllowed) {
  for_all(
      [](Case& one) {
        Json* policy = one.any_policy();
        if (policy == nullptr) return false;
        Json statement = one.generator.statement(policy == &one.world.resource);
        statement["Effect"] = "Allow";
        (*policy)["Statement"].push_back(std::move(statement));
        return true;
      },
      [](const Decision& before, const Decision& after) {
        EXPECT_TRUE(!before.allowed() || after.allowed());
      });
}

TEST(EvaluateProperty, OrderOfStatementsAndPoliciesChangesNothing) {
  for_all(
      [](Case& one) {
        Json* policy = one.any_policy();
        if (policy == nullptr) return false;
        Json& statements = (*policy)["Statement"];
        std::reverse(statements.begin(), statements.end());
        std::rotate(statements.begin(),
                    statements.begin() +
                        static_cast<std::ptrdiff_t>(one.generator.below(statements.size())),
                    statements.end());
        std::reverse(one.world.identity.begin(), one.world.identity.end());
        return true;
      },
      [](const Decision& before, const Decision& after) {
        EXPECT_EQ(before.reason, after.reason);
        EXPECT_EQ(before.decided_by, after.decided_by);
        EXPECT_EQ(before.verdicts, after.verdicts);
        EXPECT_EQ(before.matches.size(), after.matches.size());
      });
}

/// The same policy in other words: members in another order, single values as lists.
Json rewritten(const Json& node) {
  if (!node.is_object()) return node;
  Json out = Json::object();
  for (auto at = node.rbegin(); at != node.rend(); ++at) {
    const bool may_be_list = at.key() != "Effect" && at.key() != "Version" &&
                             at.key() != "Principal" && at.value().is_string();
    out[at.key()] = may_be_list ? Json::array({at.value()}) : rewritten(at.value());
    if (at.key() == "Statement") {
      out["Statement"] = Json::array();
      for (const Json& statement : at.value()) out["Statement"].push_back(rewritten(statement));
    }
  }
  return out;
}

TEST(EvaluateProperty, APolicyAndItsPrintedFormDecideAlike) {
  for_all(
      [](Case& one) {
        Json* policy = one.any_policy();
        if (policy == nullptr) return false;
        *policy = Json::parse(rewritten(*policy).dump(2));
        return true;
      },
      [](const Decision& before, const Decision& after) {
        EXPECT_EQ(before.reason, after.reason);
        EXPECT_EQ(before.verdicts, after.verdicts);
        EXPECT_EQ(before.matches.size(), after.matches.size());
      });
}

TEST(EvaluateProperty, EveryDecisionFollowsFromItsStatements) {
  for_all([](Case&) { return true; },
          [](const Decision&, const Decision& decision) {
            bool denied = false;
            for (const Match& match : decision.matches) {
              const bool is_deny = match.statement().effect == Effect::deny;
              denied = denied || is_deny;
              const Verdict verdict = decision.verdict(match.layer);
              EXPECT_TRUE(is_deny ? verdict == Verdict::explicit_deny
                                  : verdict == Verdict::allow || verdict == Verdict::explicit_deny);
            }
            EXPECT_EQ(decision.reason == Decision::Reason::explicit_deny, denied);
          });
}

}  // namespace
}  // namespace imdsd::iam
