// SPDX-License-Identifier: MIT
#include "sts/authorization_message.h"

#include <string>

#include "iam/authorization_message.h"
#include "sts/decode_authorization_message.h"
#include "sts/session_token.h"
#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {
namespace {

class AuthorizationMessage : public StsTest {
 protected:
  AuthorizationMessage() {
    world_.users.push_back({.name = "dev",
                            .policies = {allow("sts:DecodeAuthorizationMessage", "*"),
                                         allow("ec2:*", "*"), deny("ec2:RunInstances", "*")}});
    world_.users.push_back({.name = "guest",
                            .policies = {allow("sts:DecodeAuthorizationMessage", "*")},
                            .account = std::string(kOtherAccount)});
  }

  /// What EC2 would hand out for a denial of RunInstances.
  std::string message(std::string_view user_agent = "aws-cli/2") {
    const iam::Caller caller = user();
    const auto authority = world_.authority();
    iam::RequestContext context{
        &caller,
        "ec2:RunInstances",
        aws::Arn::parse("arn:aws:ec2:us-east-1:123456789012:instance/*").value(),
        std::string(kAccount),
        {}};
    context.keys.set("aws:UserAgent", std::string(user_agent));
    const auto decision = iam::evaluate(iam::policies_of(caller, *authority.directory), context);
    return seal_authorization_message(iam::authorization_message(context, decision), kAccount,
                                      *authority.key_ring, world_.random);
  }

  ActionAnswer decode(const std::string& text, const iam::Caller& caller) {
    return call("DecodeAuthorizationMessage", caller, {{"EncodedMessage", text}});
  }
};

TEST_F(AuthorizationMessage, DecodesToTheDecision) {
  const auto answer = decode(message(), user());
  ASSERT_EQ(outcome(answer), "ok");
  const std::string json = element(*answer.xml, "DecodedMessage");
  for (const char* part : {"&quot;allowed&quot;:false", "&quot;explicitDeny&quot;:true",
                           "ec2:RunInstances", "arn:aws:iam::123456789012:user/dev",
                           "aws:UserAgent", "aws-cli/2", "&quot;effect&quot;:&quot;DENY&quot;"}) {
    EXPECT_NE(json.find(part), std::string::npos) << part << " in " << json;
  }
}

TEST_F(AuthorizationMessage, ShowsNothingToThoseWhoDoNotDecodeIt) {
  const std::string text = message();
  EXPECT_EQ(
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
  std::string padded = text;
  while (padded.size() % 4 != 0) padded += '=';
  const std::string bytes = base::base64url_decode(padded).value();
  EXPECT_EQ(bytes.find("RunInstances"), std::string::npos);
  EXPECT_NE(text, message()) << "each is sealed anew";
}

TEST_F(AuthorizationMessage, NeedsPermission) {
  const std::string text = message();
  world_.users[0].policies = {};
  EXPECT_EQ(outcome(decode(text, user())),
            "403 AccessDenied User: arn:aws:iam::123456789012:user/dev is not authorized to "
            "perform: sts:DecodeAuthorizationMessage because no identity-based policy allows the "
            "sts:DecodeAuthorizationMessage action");
}

constexpr std::string_view kInvalid = "400 InvalidAuthorizationMessageException ";

TEST_F(AuthorizationMessage, IsForItsOwnAccountAlone) {
  const auto answer = decode(message(), user("guest", kOtherAccount));
  EXPECT_TRUE(outcome(answer).starts_with(kInvalid)) << outcome(answer);
}

TEST_F(AuthorizationMessage, AnythingElseIsInvalid) {
  const std::string text = message();
  for (const std::string& other :
       {std::string("x"), text + "A", text + "=", text + "AAAA", " " + text,
        std::string(10'240, 'A'), std::string("4OwAGnEXAMPLE"), std::string("\xC3\xA9")}) {
    EXPECT_TRUE(outcome(decode(other, user())).starts_with(kInvalid)) << other;
  }
}

TEST_F(AuthorizationMessage, NoTruncationAndNoFlippedBitOpens) {
  const auto authority = world_.authority();
  const std::string text = message();
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(open_authorization_message(text.substr(0, length), kAccount, *authority.key_ring))
        << length;
  }
  std::string padded = text;
  while (padded.size() % 4 != 0) padded += '=';
  const std::string bytes = base::base64url_decode(padded).value();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string forged = bytes;
    forged[i] = static_cast<char>(static_cast<unsigned char>(forged[i]) ^ 0x10U);
    std::string encoded = base::base64url_encode(forged);
    encoded.erase(encoded.find_last_not_of('=') + 1);
    EXPECT_FALSE(open_authorization_message(encoded, kAccount, *authority.key_ring)) << i;
  }
}

TEST_F(AuthorizationMessage, OpensUnderKeysOfTheRingAndNoOther) {
  const std::string text = message();
  world_.new_key_ring();
  EXPECT_TRUE(outcome(decode(text, user())).starts_with(kInvalid));
}

TEST_F(AuthorizationMessage, OpensAfterTheRingHasANewerKey) {
  const std::string text = message();
  KeyRing ring = KeyRing::from_json(world_.authority().key_ring->to_json().reveal()).value();
  const std::string former = ring.newest().id;
  ASSERT_TRUE(ring.rotate(world_.random, world_.clock.now() + KeyRing::kRotateAfter));
  ASSERT_NE(ring.newest().id, former);
  EXPECT_TRUE(open_authorization_message(text, kAccount, ring));
}

// Both are sealed under keys of the ring, and neither is taken for the other.
TEST_F(AuthorizationMessage, ASessionTokenIsNone) {
  world_.users[0].policies.push_back(allow("*", "*"));
  const auto session = credentials_of(call("GetSessionToken", user()));
  const std::string_view token = session.session_token.reveal();
  const auto authority = world_.authority();
  EXPECT_TRUE(open_session_token(token, *authority.key_ring));
  EXPECT_FALSE(open_authorization_message(token, kAccount, *authority.key_ring));
  EXPECT_FALSE(open_session_token(message(), *authority.key_ring));
}

TEST_F(AuthorizationMessage, IsBounded) {
  std::string noise;
  for (int i = 0; noise.size() < 30'000; ++i) {
    noise += base::hex_encode(base::sha256(std::to_string(i)));
  }
  const std::string text = message(noise);
  EXPECT_LE(text.size(), kMaxEncodedMessage);
  const auto answer = decode(text, user());
  ASSERT_EQ(outcome(answer), "ok");
  const std::string json = element(*answer.xml, "DecodedMessage");
  EXPECT_NE(json.find("&quot;explicitDeny&quot;:true"), std::string::npos);
  EXPECT_EQ(json.find("aws:UserAgent"), std::string::npos) << "left out, as it does not fit";
  EXPECT_EQ(outcome(decode(std::string(10'241, 'A'), user())).substr(0, 20),
            "400 ValidationError ");
}

}  // namespace
}  // namespace imdsd::sts
