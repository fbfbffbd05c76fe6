// SPDX-License-Identifier: MIT
#include "iam/principal_match.h"

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

using Kind = PrincipalPattern::Kind;

const std::string kAccount = "123456789012";

Principal user() {
  return {.type = PrincipalType::user,
          .account = kAccount,
          .arn = "arn:aws:iam::123456789012:user/u",
          .entity_arn = "arn:aws:iam::123456789012:user/u",
          .entity_id = "AIDA1",
          .user_id = "AIDA1",
          .name = "u",
          .session_name = ""};
}

Principal session() {
  return {.type = PrincipalType::assumed_role,
          .account = kAccount,
          .arn = "arn:aws:sts::123456789012:assumed-role/r/s",
          .entity_arn = "arn:aws:iam::123456789012:role/path/r",
          .entity_id = "AROA1",
          .user_id = "AROA1:s",
          .name = "r",
          .session_name = "s"};
}

PrincipalPattern role(std::string id = "") {
  return {Kind::entity, "arn:aws:iam::123456789012:role/path/r", std::move(id)};
}

PrincipalPattern account() {
  return {Kind::account, kAccount, ""};
}

TEST(PrincipalMatch, UnboundEntityMatchesByArnWithPath) {
  EXPECT_EQ(match_principal(role(), session()), PrincipalMatch::entity);
  EXPECT_EQ(match_principal(PrincipalPattern{Kind::entity, "arn:aws:iam::123456789012:role/r", ""},
                            session()),
            PrincipalMatch::none);
  EXPECT_EQ(match_principal(PrincipalPattern{Kind::entity, user().arn, ""}, user()),
            PrincipalMatch::caller);
  EXPECT_EQ(match_principal(role(), user()), PrincipalMatch::none);
}

TEST(PrincipalMatch, BoundEntityMatchesByIdAlone) {
  EXPECT_EQ(match_principal(role("AROA1"), session()), PrincipalMatch::entity);
  EXPECT_EQ(match_principal(role("AROA2"), session()), PrincipalMatch::none);
  Principal renamed = session();
  renamed.entity_arn = "arn:aws:iam::123456789012:role/other";
  EXPECT_EQ(match_principal(role("AROA1"), renamed), PrincipalMatch::entity);
}

TEST(PrincipalMatch, ServicesAreNotOfAnAccount) {
  Principal service;
  service.type = PrincipalType::service;
  service.name = "ec2.amazonaws.com";
  EXPECT_EQ(match_principal(PrincipalPattern{Kind::account, "", ""}, service),
            PrincipalMatch::none);
  EXPECT_EQ(match_principal(PrincipalPattern{Kind::service, "ec2.amazonaws.com", ""}, service),
            PrincipalMatch::caller);
  Principal named_like_it = user();
  named_like_it.name = "ec2.amazonaws.com";
  EXPECT_EQ(
      match_principal(PrincipalPattern{Kind::service, "ec2.amazonaws.com", ""}, named_like_it),
      PrincipalMatch::none);
}

TEST(PrincipalMatch, EmptyIdsDoNotMatchEachOther) {
  Principal anonymous;
  EXPECT_EQ(match_principal(PrincipalPattern{Kind::entity, "", ""}, anonymous),
            PrincipalMatch::none);
  EXPECT_EQ(match_principal(PrincipalPattern{Kind::session, "", ""}, anonymous),
            PrincipalMatch::none);
  EXPECT_EQ(match_principal(PrincipalPattern{Kind::canonical_user, "", ""}, anonymous),
            PrincipalMatch::none);
}

TEST(PrincipalMatch, TheMostDirectOfSeveralCounts) {
  EXPECT_EQ(match_principal({account(), role(), {Kind::session, session().arn, ""}}, session()),
            PrincipalMatch::caller);
  EXPECT_EQ(match_principal({account(), role()}, session()), PrincipalMatch::entity);
  EXPECT_EQ(match_principal({account()}, session()), PrincipalMatch::account);
}

TEST(NotPrincipal, ExceptsASessionOnlyWithAllThatItIs) {
  const PrincipalPattern one{Kind::session, session().arn, ""};
  EXPECT_TRUE(is_excepted({account(), role(), one}, session()));
  EXPECT_FALSE(is_excepted({role(), one}, session()));
  EXPECT_FALSE(is_excepted({account(), one}, session()));
  EXPECT_FALSE(is_excepted({account(), role()}, session()));
  EXPECT_TRUE(is_excepted({{Kind::anyone, "*", ""}}, session()));
}

TEST(NotPrincipal, ExceptsAUserWithItsAccount) {
  const PrincipalPattern one{Kind::entity, user().arn, ""};
  EXPECT_TRUE(is_excepted({account(), one}, user()));
  EXPECT_FALSE(is_excepted({one}, user()));
  EXPECT_FALSE(is_excepted({account()}, user()));
}

TEST(NotPrincipal, ExceptsRootAndServicesByTheirOneName) {
  Principal root;
  root.type = PrincipalType::account_root;
  root.account = kAccount;
  EXPECT_TRUE(is_excepted({account()}, root));
  Principal service;
  service.type = PrincipalType::service;
  service.name = "ec2.amazonaws.com";
  EXPECT_TRUE(is_excepted({{Kind::service, "ec2.amazonaws.com", ""}}, service));
  EXPECT_FALSE(is_excepted({account()}, service));
}

}  // namespace
}  // namespace imdsd::iam
