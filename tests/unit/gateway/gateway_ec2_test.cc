// SPDX-License-Identifier: MIT
// EC2's API as the AWS port serves it: its shape, its words for callers, what is recorded.
#include <chrono>
#include <string>

#include "gateway_fixture.h"
#include "sts/authorization_message.h"

namespace imdsd::gateway {
namespace {

using support::StsWorld;

constexpr std::string_view kVersion = "&Version=2016-11-15";

class GatewayEc2Test : public GatewayTest {
 protected:
  GatewayEc2Test() {
    instances_.add("i-00000000000000a01");
    world_.users[0].policies = {support::allow("ec2:*", "*")};
    publish();
  }

  base::HttpResponse call(const std::string& form) {
    return handle(signed_form(form + std::string(kVersion), "ec2"));
  }

  static std::string between(const std::string& text, std::string_view open,
                             std::string_view close) {
    const std::size_t begin = text.find(open);
    if (begin == std::string::npos) return {};
    const std::size_t start = begin + open.size();
    return text.substr(start, text.find(close, start) - start);
  }
  static std::string code(const base::HttpResponse& response) {
    return between(response.body, "<Code>", "</Code>");
  }
  static std::string message(const base::HttpResponse& response) {
    return between(response.body, "<Message>", "</Message>");
  }
};

TEST_F(GatewayEc2Test, IsServed) {
  const auto response = call("Action=DescribeInstances");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("Content-Type"), "text/xml");
  EXPECT_EQ(between(response.body, "<instanceId>", "<"), "i-00000000000000a01");
  EXPECT_EQ(between(response.body, "<requestId>", "<"), last().request_id);
  EXPECT_EQ(last().service, "ec2");
  EXPECT_EQ(last().action, "DescribeInstances");
  EXPECT_EQ(last().resource, "*");
  EXPECT_TRUE(last().decision->allowed());
}

TEST_F(GatewayEc2Test, ErrorsAreInItsShape) {
  const auto response = call("Action=DescribeVpcs");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n  <Errors>\n    <Error>\n"
            "      <Code>InvalidAction</Code>\n      <Message>The action DescribeVpcs is not valid "
            "for this web service.</Message>\n    </Error>\n  </Errors>\n  <RequestID>" +
                last().request_id + "</RequestID>\n</Response>\n");
  EXPECT_EQ(last().error_code, "InvalidAction");
}

TEST_F(GatewayEc2Test, OneVersionIsServed) {
  const auto response = handle(signed_form("Action=DescribeTags&Version=2014-10-01", "ec2"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(code(response), "NoSuchVersion");
  EXPECT_EQ(code(handle(signed_form("Version=2016-11-15", "ec2"))), "MissingAction");
}

TEST_F(GatewayEc2Test, TellsNobodyWhyItDoesNotBelieve) {
  const std::string form = "Action=DescribeTags" + std::string(kVersion);
  const auto wrong = [&] {
    auto request = signed_form(form, "ec2");
    request.body += "&MaxResults=5";
    return handle(request);
  }();
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(code(wrong), "AuthFailure");
  EXPECT_EQ(message(wrong), "AWS was not able to validate the provided access credentials");

  const auto unsigned_call = handle(StsWorld::post(form));
  EXPECT_EQ(unsigned_call.status, 401);
  EXPECT_EQ(code(unsigned_call), "AuthFailure");
  EXPECT_EQ(last().service, "ec2");

  const auto credentials = session();
  world_.clock.advance(std::chrono::hours(7));
  auto late = StsWorld::post(form);
  world_.sign(late, credentials, "ec2");
  EXPECT_EQ(code(handle(late)), "RequestExpired");
}

TEST_F(GatewayEc2Test, ARefusalIsSealedForItsAccount) {
  const auto response = call(
      "Action=AssociateIamInstanceProfile&InstanceId=i-00000000000000a01"
      "&IamInstanceProfile.Name=app-role");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(code(response), "UnauthorizedOperation");
  const std::string sealed =
      between(response.body, "Encoded authorization failure message: ", "</Message>");
  const auto ring = authority_.load()->key_ring;
  const auto json = sts::open_authorization_message(sealed, support::kAccount, *ring);
  ASSERT_TRUE(json) << response.body;
  EXPECT_NE(json->find(R"("action":"iam:PassRole")"), std::string::npos) << *json;
  EXPECT_FALSE(sts::open_authorization_message(sealed, support::kOtherAccount, *ring));
  EXPECT_EQ(last().resource, "arn:aws:iam::123456789012:role/app-role");
  EXPECT_FALSE(last().decision->allowed());
  EXPECT_NE(last().explanation.text().find("needed"), std::string::npos);
}

}  // namespace
}  // namespace imdsd::gateway
