// SPDX-License-Identifier: MIT
#include "sts/start_session.h"

#include <string>

#include "base/codec.h"
#include "base/digest.h"
#include "sts/issuer.h"
#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {
namespace {

class StartSessionTest : public StsTest {
 protected:
  /// Of a session for which a provider vouches with so much text.
  std::string start_with(const std::string& text) {
    iam::Role role;
    role.name = "pod";
    role.account = kAccount;
    SessionClaims claims = role_session(role, "pod-1", world_.clock.now(), hours(1));
    claims.session.provider_keys = {{"issuer.example:amr", {text}}};
    const auto parsed = aws::QueryParameters::parse("").value();
    const auto authority = world_.authority();
    const auto http = StsWorld::post("");
    const iam::Caller caller;
    const auto started = start_session(std::move(claims), {.parameters = parsed,
                                                           .caller = caller,
                                                           .authority = authority,
                                                           .directory = world_.directory_service,
                                                           .mfa_throttle = world_.mfa_throttle,
                                                           .http = http,
                                                           .now = world_.clock.now(),
                                                           .random = world_.random,
                                                           .request_id = "id",
                                                           .region = "eu-central-1"});
    if (started) return "ok";
    return std::to_string(started.error().status) + " " + started.error().code + " " +
           started.error().message.value_or("-");
  }
};

TEST_F(StartSessionTest, WhatDoesNotFitIsTheCallersError) {
  EXPECT_EQ(start_with("pwd"), "ok");
  std::string noise;  // that does not get smaller
  for (int i = 0; i < 300; ++i) noise += base::hex_encode(base::sha256(std::to_string(i)));
  EXPECT_EQ(start_with(noise),
            "400 PackedPolicyTooLarge What the identity provider says of the session does not fit "
            "into a session token.");
}

}  // namespace
}  // namespace imdsd::sts
