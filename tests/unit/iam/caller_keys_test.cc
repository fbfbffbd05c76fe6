// SPDX-License-Identifier: MIT
#include "iam/caller_keys.h"

#include <gtest/gtest.h>

#include "base/codec.h"

namespace imdsd::iam {
namespace {

using namespace std::chrono_literals;

constexpr base::SystemTime kNow{1'767'323'045s};  // 2026-01-02T03:04:05Z

/// "key=value" in the order of the keys; a second value would show.
std::vector<std::string> keys_of(const Caller& caller) {
  ConditionKeys keys;
  add_caller_keys(caller, kNow, keys);
  std::vector<std::string> out;
  for (const auto& [key, values] : keys.all()) {
    std::string line = base::to_lower(key) + "=";
    for (const std::string& value : values) line += value;
    out.push_back(line);
  }
  std::sort(out.begin(), out.end());
  return out;
}

using Lines = std::vector<std::string>;

TEST(CallerKeys, OfAUserWithALongTermKey) {
  const Caller caller{{.type = PrincipalType::user,
                       .account = "123456789012",
                       .arn = "arn:aws:iam::123456789012:user/p/u",
                       .entity_arn = "arn:aws:iam::123456789012:user/p/u",
                       .entity_id = "AIDA1",
                       .user_id = "AIDA1",
                       .name = "u",
                       .session_name = ""},
                      "AKIA",
                      nullptr};
  EXPECT_EQ(keys_of(caller),
            (Lines{"aws:principalaccount=123456789012",
                   "aws:principalarn=arn:aws:iam::123456789012:user/p/u",
                   "aws:principalisawsservice=false", "aws:principaltype=User", "aws:userid=AIDA1",
                   "aws:username=u", "aws:viaawsservice=false"}));
}

TEST(CallerKeys, OfAnInstancesRole) {
  auto session = std::make_shared<Session>();
  session->issued = kNow - 1h;
  session->role_delivery = RoleDelivery::imdsv2;
  session->source_instance_arn = "arn:aws:ec2:us-east-1:123456789012:instance/i-1";
  session->from_service = true;
  const Caller caller{{.type = PrincipalType::assumed_role,
                       .account = "123456789012",
                       .arn = "arn:aws:sts::123456789012:assumed-role/r/i-1",
                       .entity_arn = "arn:aws:iam::123456789012:role/p/r",
                       .entity_id = "AROA1",
                       .user_id = "AROA1:i-1",
                       .name = "r",
                       .session_name = "i-1"},
                      "ASIA",
                      session};
  EXPECT_EQ(keys_of(caller),
            (Lines{"aws:multifactorauthpresent=false", "aws:principalaccount=123456789012",
                   "aws:principalarn=arn:aws:iam::123456789012:role/p/r",
                   "aws:principalisawsservice=false", "aws:principaltype=AssumedRole",
                   "aws:tokenissuetime=2026-01-02T02:04:05Z", "aws:userid=AROA1:i-1",
                   "aws:viaawsservice=false", "ec2:roledelivery=2.0",
                   "ec2:sourceinstancearn=arn:aws:ec2:us-east-1:123456789012:instance/i-1"}));
  session->role_delivery = RoleDelivery::imdsv1;
  const Lines v1 = keys_of(caller);
  EXPECT_EQ(std::count(v1.begin(), v1.end(), "ec2:roledelivery=1.0"), 1);
}

TEST(CallerKeys, OfASessionWithTagsMfaAndSourceIdentity) {
  auto session = std::make_shared<Session>();
  session->issued = kNow;
  session->mfa_time = kNow - 90s;
  session->tags = {{"Team", "blue"}};
  session->source_identity = "ann";
  Caller caller;
  caller.principal.type = PrincipalType::user;
  caller.principal.name = "u";
  caller.session = session;
  EXPECT_EQ(keys_of(caller), (Lines{"aws:multifactorauthage=90", "aws:multifactorauthpresent=true",
                                    "aws:principalisawsservice=false", "aws:principaltag/team=blue",
                                    "aws:principaltype=User", "aws:sourceidentity=ann",
                                    "aws:tokenissuetime=2026-01-02T03:04:05Z", "aws:username=u",
                                    "aws:viaawsservice=false"}));
  session->mfa_time = kNow + 5s;
  EXPECT_EQ(keys_of(caller).front(), "aws:multifactorauthage=0");
}

TEST(CallerKeys, OfRootServiceAndAnonymous) {
  Caller root;
  root.principal.type = PrincipalType::account_root;
  root.principal.account = root.principal.user_id = "123456789012";
  root.principal.entity_arn = "arn:aws:iam::123456789012:root";
  EXPECT_EQ(keys_of(root), (Lines{"aws:principalaccount=123456789012",
                                  "aws:principalarn=arn:aws:iam::123456789012:root",
                                  "aws:principalisawsservice=false", "aws:principaltype=Account",
                                  "aws:userid=123456789012", "aws:viaawsservice=false"}));
  Caller service;
  service.principal.type = PrincipalType::service;
  service.principal.name = "ec2.amazonaws.com";
  EXPECT_EQ(keys_of(service),
            (Lines{"aws:principalisawsservice=true", "aws:principalservicename=ec2.amazonaws.com",
                   "aws:viaawsservice=false"}));
  EXPECT_EQ(keys_of(Caller{}),
            (Lines{"aws:principalisawsservice=false", "aws:principaltype=Anonymous",
                   "aws:userid=anonymous", "aws:viaawsservice=false"}));
}

}  // namespace
}  // namespace imdsd::iam
