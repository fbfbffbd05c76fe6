// SPDX-License-Identifier: MIT
#include "gateway/gateway.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/query_protocol.h"
#include "tests/unit/gateway/gateway_fixture.h"

namespace imdsd::gateway {
namespace {

using support::kAccount;
using support::StsWorld;

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string element(const std::string& xml, const std::string& name) {
  const auto start = xml.find("<" + name + ">");
  if (start == std::string::npos) return "";
  const auto from = start + name.size() + 2;
  return xml.substr(from, xml.find("</" + name + ">", from) - from);
}

TEST_F(GatewayTest, AnswersASignedCall) {
  const auto response = handle(signed_form(kIdentity));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("Content-Type"), "text/xml");
  EXPECT_EQ(response.headers.get("Date"), "Thu, 01 Jan 2026 00:00:00 GMT");
  const std::string id(response.headers.get("x-amzn-RequestId").value());
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(element(response.body, "RequestId"), id);
  EXPECT_EQ(element(response.body, "Arn"), "arn:aws:iam::123456789012:user/dev");
}

TEST_F(GatewayTest, TellsWhatMayWaitForTheDisk) {
  EXPECT_EQ(gateway_.effort_of(signed_form("Action=ListUsers&Version=2010-05-08", "iam")),
            Gateway::Effort::waiting);
  EXPECT_EQ(gateway_.effort_of(signed_form("Action=DescribeTags&Version=2016-11-15", "ec2")),
            Gateway::Effort::waiting);
  EXPECT_EQ(gateway_.effort_of(signed_form(kIdentity)), Gateway::Effort::computing);
  EXPECT_EQ(gateway_.effort_of(StsWorld::post(kIdentity)), Gateway::Effort::computing)
      << "unsigned";
  const std::string with_code =
      "Action=GetSessionToken&Version=2011-06-15&SerialNumber=GAHT12345678&TokenCode=123456";
  EXPECT_EQ(gateway_.effort_of(signed_form(with_code)), Gateway::Effort::waiting);
  EXPECT_EQ(gateway_.effort_of(world_.presigned(with_code, session())), Gateway::Effort::waiting);
  EXPECT_EQ(gateway_.effort_of(world_.presigned(kIdentity, session())), Gateway::Effort::computing);
}

TEST_F(GatewayTest, ALongFormIsNotForEventThreads) {
  const std::string padding(100'000, 'a');
  EXPECT_EQ(gateway_.effort_of(StsWorld::post("Action=X&a=" + padding)), Gateway::Effort::waiting);
  EXPECT_EQ(gateway_.effort_of(signed_form(std::string(kIdentity) + "&a=" + padding)),
            Gateway::Effort::waiting);
}

TEST_F(GatewayTest, EachCallHasItsOwnRequestId) {
  EXPECT_NE(handle(signed_form(kIdentity)).headers.get("x-amzn-RequestId"),
            handle(signed_form(kIdentity)).headers.get("x-amzn-RequestId"));
}

TEST_F(GatewayTest, AnswersTheInstancesOwnSession) {
  auto request = StsWorld::post(kIdentity);
  world_.sign(request, session());
  const auto response = handle(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(element(response.body, "Arn"), "arn:aws:sts::123456789012:assumed-role/app-role/i-1");
}

// What EKS and Vault logins hand around.
TEST_F(GatewayTest, AnswersAPresignedUrlForFifteenMinutes) {
  const auto request = world_.presigned(kIdentity, session());
  EXPECT_EQ(handle(request).status, 200);
  world_.clock.advance(std::chrono::minutes(15));
  EXPECT_EQ(handle(request).status, 200) << "whatever X-Amz-Expires says";
  world_.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(handle(request).status, 403);
}

TEST_F(GatewayTest, ASessionFromAssumeRoleIsAccepted) {
  world_.roles.push_back(
      {.name = "target",
       .trust = support::trust(R"({"AWS":"arn:aws:iam::123456789012:user/dev"})")});
  publish();
  const auto answer =
      handle(signed_form("Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1&"
                         "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Ftarget"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const aws::Credentials credentials{element(answer.body, "AccessKeyId"),
                                     base::Secret(element(answer.body, "SecretAccessKey")),
                                     base::Secret(element(answer.body, "SessionToken")),
                                     {}};
  auto request = StsWorld::post(kIdentity);
  world_.sign(request, credentials);
  EXPECT_EQ(element(handle(request).body, "Arn"),
            "arn:aws:sts::123456789012:assumed-role/target/s1");
}

TEST_F(GatewayTest, ErrorsComeInStsShape) {
  auto request = StsWorld::post(kIdentity);
  world_.sign(request, StsWorld::key_of("nobody"));
  const auto response = handle(request);
  EXPECT_EQ(response.status, 403);
  const std::string id(response.headers.get("x-amzn-RequestId").value());
  EXPECT_EQ(response.body,
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
            "  <Error>\n"
            "    <Type>Sender</Type>\n"
            "    <Code>InvalidClientTokenId</Code>\n"
            "    <Message>The security token included in the request is invalid.</Message>\n"
            "  </Error>\n"
            "  <RequestId>" +
                id +
                "</RequestId>\n"
                "</ErrorResponse>\n");
}

TEST_F(GatewayTest, AnErrorMayHaveNoMessage) {
  const auto response = handle(
      signed_form("Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1&DurationSeconds=abc&"
                  "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Ftarget"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(element(response.body, "Code"), "MalformedInput");
  EXPECT_FALSE(contains(response.body, "<Message"));
}

// Dispatch: what AWS STS was seen to answer.

struct DispatchCase {
  std::string_view name, method, parameters;
  std::optional<std::string_view> content_type;
  int status;
  std::string_view expected;  // Location, or the message of InvalidAction, or nothing
};

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

class GatewayDispatch : public GatewayTest, public testing::WithParamInterface<DispatchCase> {};

TEST_P(GatewayDispatch, IsThatOfSts) {
  const auto& c = GetParam();
  base::HttpRequest request;
  request.method = c.method;
  request.target = "/";
  request.headers.add("Host", "localhost:1339");
  if (c.content_type) request.headers.add("Content-Type", std::string(*c.content_type));
  if (c.method == "GET") {
    request.target += "?" + std::string(c.parameters);
  } else {
    request.body = c.parameters;
  }
  world_.sign(request, StsWorld::key_of("dev"));
  const auto response = handle(request);
  EXPECT_EQ(response.status, c.status) << response.body;
  if (c.status == 200) {
    EXPECT_TRUE(contains(response.body, "<GetCallerIdentityResponse "));
  } else if (c.status == 302) {
    EXPECT_EQ(response.headers.get("Location"), c.expected);
    EXPECT_EQ(response.body, "");
  } else {
    EXPECT_TRUE(contains(response.body, aws::kFaultNamespace));
    EXPECT_EQ(element(response.body, "Type"), "Sender");
    EXPECT_EQ(element(response.body, "Code"), "InvalidAction");
    EXPECT_EQ(element(response.body, "Message"), c.expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Probes, GatewayDispatch,
    testing::Values(
        DispatchCase{"get", "GET", kIdentity, std::nullopt, 200, ""},
        DispatchCase{"post", "POST", kIdentity, kFormType, 200, ""},
        DispatchCase{"post_charset", "POST", kIdentity,
                     "application/x-www-form-urlencoded; charset=utf-8", 200, ""},
        DispatchCase{"post_no_content_type", "POST", kIdentity, std::nullopt, 302,
                     "https://aws.amazon.com/iam"},
        DispatchCase{"post_json", "POST", kIdentity, "application/json", 302,
                     "https://aws.amazon.com/iam"},
        DispatchCase{"missing_action", "POST", "Version=2011-06-15", kFormType, 302,
                     "https://aws.amazon.com/iam"},
        DispatchCase{"get_missing_action", "GET", "Version=2011-06-15", std::nullopt, 302,
                     "https://aws.amazon.com/iam?Version=2011-06-15"},
        DispatchCase{"unknown_action", "POST", "Action=NoSuchAction&Version=2011-06-15", kFormType,
                     400, "Could not find operation NoSuchAction for version 2011-06-15"},
        DispatchCase{"missing_version", "POST", "Action=GetCallerIdentity", kFormType, 400,
                     "Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED"},
        DispatchCase{"empty_version", "POST", "Action=GetCallerIdentity&Version=", kFormType, 400,
                     "Could not find operation GetCallerIdentity for version "},
        DispatchCase{"unsupported_version", "POST", "Action=GetCallerIdentity&Version=2000-01-01",
                     kFormType, 400,
                     "Could not find operation GetCallerIdentity for version 2000-01-01"},
        DispatchCase{"empty_action", "POST", "Action=&Version=2011-06-15", kFormType, 400,
                     "Could not find operation  for version 2011-06-15"},
        DispatchCase{"first_action_wins", "POST",
                     "Action=GetCallerIdentity&Action=NoSuchAction&Version=2011-06-15", kFormType,
                     200, ""},
        DispatchCase{"first_action_wins_if_bad", "POST",
                     "Action=NoSuchAction&Action=GetCallerIdentity&Version=2011-06-15", kFormType,
                     400, "Could not find operation NoSuchAction for version 2011-06-15"},
        DispatchCase{"first_version_wins", "POST",
                     "Action=GetCallerIdentity&Version=2011-06-15&Version=2000-01-01", kFormType,
                     200, ""},
        DispatchCase{"unknown_parameter", "POST",
                     "Action=GetCallerIdentity&Version=2011-06-15&Unknown=value", kFormType, 200,
                     ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(GatewayTest, UnsignedWithoutActionIsSentToTheProductPageToo) {
  base::HttpRequest request;
  request.method = "GET";
  request.target = "/";
  request.headers.add("Host", "127.0.0.1:1339");
  const auto response = handle(request);
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.headers.get("Location"), "https://aws.amazon.com/iam");
}

TEST_F(GatewayTest, UnsignedCallsAreMissingTheirToken) {
  for (const std::string_view form : {kIdentity, std::string_view("Action=NoSuchAction")}) {
    const auto response = handle(StsWorld::post(form));
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(element(response.body, "Code"), "MissingAuthenticationToken");
    EXPECT_EQ(element(response.body, "Message"), "Request is missing Authentication Token");
  }
}

TEST_F(GatewayTest, TheSignatureIsCheckedBeforeTheAction) {
  auto request = signed_form("Action=NoSuchAction&Version=2011-06-15");
  request.body += "&changed=1";
  EXPECT_EQ(element(handle(request).body, "Code"), "SignatureDoesNotMatch");
}

TEST_F(GatewayTest, ABrokenFormIsRefused) {
  const auto response = handle(signed_form("Action=GetCallerIdentity&x=%zz"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(element(response.body, "Code"), "MalformedQueryString");
}

TEST_F(GatewayTest, ABrokenCredentialIsToldByTheService) {
  auto request = signed_form(kIdentity);
  request.headers.set("Authorization",
                      "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/sts, "
                      "SignedHeaders=host;x-amz-date, Signature=0");
  const auto response = handle(request);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(element(response.body, "Code"), "IncompleteSignature");
}

// Services that are not here.

TEST_F(GatewayTest, OtherServicesAreRefusedInTheirOwnShape) {
  const auto sns = handle(signed_form("Action=ListTopics&Version=2010-03-31", "sns"));
  EXPECT_EQ(sns.status, 501);
  EXPECT_TRUE(contains(sns.body, "<ErrorResponse "));
  EXPECT_TRUE(contains(element(sns.body, "Message"), "does not serve `sns`"));

  auto request = signed_form("{}", "dynamodb");
  request.headers.set("Content-Type", "application/x-amz-json-1.0");
  const auto json = handle(request);
  EXPECT_EQ(json.status, 501);
  EXPECT_EQ(json.headers.get("Content-Type"), "application/x-amz-json-1.0");
  EXPECT_TRUE(contains(json.body, R"("__type":"NotImplemented")"));
  EXPECT_TRUE(contains(json.body, "`dynamodb`"));
}

TEST_F(GatewayTest, IamAnswersBesideSts) {
  const auto denied = handle(signed_form("Action=ListRoles&Version=2010-05-08", "iam"));
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(element(denied.body, "Message"),
            "User: arn:aws:iam::123456789012:user/dev is not authorized to perform: iam:ListRoles "
            "on resource: arn:aws:iam::123456789012:role/ because no identity-based policy allows "
            "the iam:ListRoles action");
  EXPECT_TRUE(contains(last().explanation.text(), "needed"));
  const auto unknown = handle(signed_form("Action=NoSuch&Version=2010-05-08", "iam"));
  EXPECT_EQ(element(unknown.body, "Code"), "InvalidAction");
  EXPECT_EQ(element(unknown.body, "Message"),
            "Could not find operation NoSuch for version 2010-05-08");
}

TEST_F(GatewayTest, NotesWhenAKeyWasLastUsed) {
  handle(signed_form(kIdentity));
  const auto used = usage_.find(StsWorld::key_of("dev").id);
  ASSERT_TRUE(used);
  EXPECT_EQ(used->service, "sts");
  EXPECT_EQ(used->region, "us-east-1");
  EXPECT_EQ(used->time, world_.clock.now());
}

TEST_F(GatewayTest, UnsignedCallsGoByVersion) {
  const auto iam = handle(StsWorld::post("Action=ListRoles&Version=2010-05-08"));
  EXPECT_EQ(iam.status, 403);
  EXPECT_EQ(element(iam.body, "Code"), "MissingAuthenticationToken");
  EXPECT_EQ(last().service, "iam");
}

TEST_F(GatewayTest, AHostileServiceNameIsEscapedAndCut) {
  const auto response = handle(signed_form(kIdentity, "<script>" + std::string(300, 'x')));
  EXPECT_EQ(response.status, 501);
  EXPECT_FALSE(contains(response.body, "<script>"));
  EXPECT_LT(response.body.size(), 700U);
}

// Browsers.

TEST_F(GatewayTest, ARebindingNameIsRefused) {
  const auto refused = [&](std::string_view host) {
    auto request = StsWorld::post(kIdentity, host);
    world_.sign(request, StsWorld::key_of("dev"));
    return handle(request);
  };
  const auto response = refused("attacker.example:1339");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(element(response.body, "Code"), "AccessDenied");
  EXPECT_TRUE(contains(response.body, "attacker.example"));
  for (const char* host : {"127.0.0.1:1339", "[::1]:1339", "localhost", "sts.localhost:1339",
                           "sts.example.test:1339"}) {
    EXPECT_EQ(refused(host).status, 200) << host;
  }
}

TEST_F(GatewayTest, AllowedHostsCanChangeWhileItRuns) {
  settings_.store(std::make_shared<const Settings>());
  EXPECT_EQ(handle(StsWorld::post(kIdentity, "sts.example.test")).status, 403);
  EXPECT_EQ(element(handle(StsWorld::post(kIdentity, "sts.example.test")).body, "Code"),
            "AccessDenied");
}

TEST_F(GatewayTest, ARequestWithoutHostIsRefused) {
  base::HttpRequest request;
  request.method = "GET";
  request.target = "/?" + std::string(kIdentity);
  EXPECT_EQ(element(handle(request).body, "Code"), "AccessDenied");
}

struct OriginCase {
  std::string_view name, header, value;
  bool is_signed;
  iam::AuthMode mode;
  bool refused;
};

class GatewayOrigin : public GatewayTest, public testing::WithParamInterface<OriginCase> {};

TEST_P(GatewayOrigin, IsRefusedUnlessASignatureWillBeEnforced) {
  const auto& c = GetParam();
  world_.mode = c.mode;
  publish();
  auto request = c.is_signed ? signed_form(kIdentity) : StsWorld::post(kIdentity);
  request.headers.add(std::string(c.header), std::string(c.value));
  const auto response = handle(request);
  EXPECT_EQ(contains(response.body, "A web page may send"), c.refused) << response.body;
  if (c.refused) {
    EXPECT_EQ(response.status, 403);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Requests, GatewayOrigin,
    testing::Values(
        OriginCase{"signed", "Origin", "https://a.example", true, iam::AuthMode::enforce, false},
        OriginCase{"unsigned", "Origin", "https://a.example", false, iam::AuthMode::enforce, true},
        OriginCase{"null", "origin", "null", false, iam::AuthMode::enforce, true},
        OriginCase{"audit", "Origin", "https://a.example", true, iam::AuthMode::audit, true},
        OriginCase{"off", "Origin", "https://a.example", true, iam::AuthMode::off, true},
        OriginCase{"cross_site", "Sec-Fetch-Site", "cross-site", false, iam::AuthMode::enforce,
                   true},
        OriginCase{"cross_site_off", "sec-fetch-site", "Cross-Site", true, iam::AuthMode::off,
                   true},
        OriginCase{"cross_site_signed", "Sec-Fetch-Site", "cross-site", true,
                   iam::AuthMode::enforce, false},
        OriginCase{"same_site_off", "Sec-Fetch-Site", "same-origin", true, iam::AuthMode::off,
                   false}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(GatewayTest, OffModeServesAnyKey) {
  world_.mode = iam::AuthMode::off;
  publish();
  auto request = StsWorld::post(kIdentity);
  world_.sign(request, StsWorld::LongTermKey{"test", base::Secret("test")});
  EXPECT_EQ(element(handle(request).body, "Arn"), "arn:aws:iam::111122223333:root");
}

}  // namespace
}  // namespace imdsd::gateway
