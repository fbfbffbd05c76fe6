// SPDX-License-Identifier: MIT
// S3 through the gateway: which requests are for it, who is asking, what its answers carry.
#include "gateway/serve_s3.h"

#include <memory>
#include <string>
#include <string_view>

#include "aws/ids.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/unit/gateway/gateway_fixture.h"

namespace imdsd::gateway {
namespace {

using support::StsWorld;

class ServeS3 : public GatewayTest {
 protected:
  ServeS3() {
    world_.users[0].policies = {support::allow("s3:*", "*")};
    publish();
  }

  static base::HttpRequest request(std::string method, std::string target,
                                   std::string host = "127.0.0.1:1339") {
    return fakes::HttpRequestBuilder(std::move(method), std::move(target))
        .header("Host", std::move(host))
        .from("10.1.2.3:40000")
        .build();
  }
  base::HttpRequest signed_request(std::string method, std::string target, std::string body = {}) {
    auto out = request(std::move(method), std::move(target));
    out.body = std::move(body);
    if (!out.body.empty()) out.headers.add("Content-Length", std::to_string(out.body.size()));
    world_.sign(out, StsWorld::key_of("dev"), "s3");
    return out;
  }
  static bool has(const base::HttpResponse& response, std::string_view part) {
    return response.body.find(part) != std::string::npos;
  }
};

TEST_F(ServeS3, AnObjectGoesInAndComesBack) {
  EXPECT_EQ(handle(signed_request("PUT", "/photos")).status, 200);
  EXPECT_EQ(last().action, "CreateBucket");
  const auto put = handle(signed_request("PUT", "/photos/a%20b", "hello"));
  EXPECT_EQ(put.status, 200) << put.body;
  EXPECT_EQ(put.headers.get("ETag"), "\"5d41402abc4b2a76b9719d911017c592\"");
  const auto got = handle(signed_request("GET", "/photos/a%20b"));
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(got.headers.get("Server"), "AmazonS3");
  EXPECT_EQ(got.headers.get("x-amz-request-id")->size(), 16U);
  EXPECT_TRUE(got.headers.has("x-amz-id-2"));
  EXPECT_FALSE(got.headers.has("x-amzn-RequestId"));
}

TEST_F(ServeS3, TheRecordTellsTheCallAndItsDecision) {
  handle(signed_request("PUT", "/photos"));
  handle(signed_request("PUT", "/photos/k", "hello"));
  EXPECT_EQ(last().service, "s3");
  EXPECT_EQ(last().action, "PutObject");
  EXPECT_EQ(last().resource, "arn:aws:s3:::photos/k");
  EXPECT_EQ(last().caller_arn, "arn:aws:iam::123456789012:user/dev");
  EXPECT_EQ(last().access_key_id, StsWorld::key_of("dev").id);
  EXPECT_EQ(last().source_ip, "10.1.2.3");
  EXPECT_TRUE(last().decision->allowed());

  world_.users[0].policies.clear();
  publish();
  const auto denied = handle(signed_request("GET", "/photos/k"));
  EXPECT_EQ(denied.status, 403);
  EXPECT_TRUE(has(denied,
                  "?>\n<Error><Code>AccessDenied</Code><Message>User: "
                  "arn:aws:iam::123456789012:user/dev is not authorized to perform: "
                  "s3:GetObject on resource: &quot;arn:aws:s3:::photos/k&quot; because no "
                  "identity-based policy allows the s3:GetObject action</Message>"))
      << denied.body;
  EXPECT_EQ(denied.headers.get("x-amz-bucket-region"), "us-east-1");
  EXPECT_EQ(last().error_code, "AccessDenied");
  EXPECT_EQ(last().request_id, denied.headers.get("x-amz-request-id"));
  EXPECT_TRUE(has(denied, "<RequestId>" + last().request_id + "</RequestId>"));
  EXPECT_TRUE(last().explanation);
}

TEST_F(ServeS3, AWrongSignatureComesBeforeAnythingElse) {
  auto broken = signed_request("GET", "/no-such-bucket/k");
  broken.target = "/no-such-bucket/other";
  const auto response = handle(broken);
  EXPECT_EQ(response.status, 403);
  EXPECT_TRUE(has(response, "<Code>SignatureDoesNotMatch</Code>"));
  EXPECT_EQ(last().action, "GetObject");
  EXPECT_EQ(last().caller_arn, "");
  EXPECT_TRUE(has(handle(signed_request("GET", "/no-such-bucket/k")), "<Code>NoSuchBucket</Code>"));
}

TEST_F(ServeS3, UnsignedRequestsWithoutAnActionAreAnonymousOnes) {
  handle(signed_request("PUT", "/photos"));
  handle(signed_request("PUT", "/photos/k", "hello"));
  const auto get = handle(request("GET", "/photos/k"));
  EXPECT_EQ(get.status, 403);
  EXPECT_TRUE(has(get, "<Message>Access Denied</Message>"));
  EXPECT_EQ(last().service, "s3");
  EXPECT_EQ(handle(request("PUT", "/photos/k")).status, 403);
  EXPECT_EQ(handle(request("GET", "/?list-type=2", "photos.localhost:1339")).status, 403);
  EXPECT_EQ(last().action, "ListObjectsV2");
  EXPECT_EQ(handle(request("HEAD", "/photos/k")).status, 403);
}

TEST_F(ServeS3, ADomainOfItsOwnHasBucketsBelowIt) {
  handle(signed_request("PUT", "/photos"));
  const auto list = request("GET", "/?list-type=2", "photos.s3.example.test:1339");
  EXPECT_FALSE(has(handle(list), "<Message>Access Denied</Message>")) << "no host of ours";
  settings_.store(std::make_shared<const Settings>(Settings{{}, {"s3.example.test"}}));
  EXPECT_TRUE(has(handle(list), "<Message>Access Denied</Message>"));
  EXPECT_EQ(last().action, "ListObjectsV2");
}

TEST_F(ServeS3, CallsOfQueryServicesStayTheirs) {
  handle(StsWorld::post(kIdentity));
  EXPECT_EQ(last().service, "sts");
  handle(request("GET", "/?Action=GetCallerIdentity&Version=2011-06-15"));
  EXPECT_EQ(last().service, "sts");
  handle(request("GET", "/bucket?Action=GetCallerIdentity&Version=2011-06-15"));
  EXPECT_EQ(last().service, "sts");
  EXPECT_EQ(handle(request("GET", "/")).status, 302);
}

TEST_F(ServeS3, SignatureVersionTwoIsRefusedAsWhereItIsOff) {
  auto header = request("GET", "/photos/k");
  header.headers.add("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=");
  const auto url = request(
      "GET", "/photos/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=abc&Expires=1141889120");
  for (const auto& each : {header, url}) {
    const auto response = handle(each);
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(has(response, "<Code>InvalidRequest</Code>"));
    EXPECT_TRUE(has(response, "Please use AWS4-HMAC-SHA256."));
  }
}

TEST_F(ServeS3, OffMakesWhoeverDoesNotSignRootOfTheDefaultAccount) {
  world_.mode = iam::AuthMode::off;
  publish();
  EXPECT_EQ(handle(request("PUT", "/photos")).status, 200);
  EXPECT_EQ(last().caller_arn, "arn:aws:iam::111122223333:root");
}

TEST_F(ServeS3, AuditLetsPassAndTells) {
  world_.users[0].policies.clear();
  world_.mode = iam::AuthMode::audit;
  publish();
  EXPECT_EQ(handle(signed_request("PUT", "/photos")).status, 200);
  EXPECT_TRUE(last().would_deny);
  EXPECT_EQ(handle(request("PUT", "/other")).status, 403) << "a bucket is somebody's";
}

TEST_F(ServeS3, WebPagesAreRefusedInItsShape) {
  auto page = request("GET", "/photos/k");
  page.headers.add("Origin", "https://page.example");
  const auto response = handle(page);
  EXPECT_EQ(response.status, 403);
  EXPECT_TRUE(has(response, "<Error><Code>AccessDenied</Code>"));
  EXPECT_TRUE(response.headers.has("x-amz-request-id"));
  auto followed = signed_request("GET", "/photos/k");
  followed.headers.add("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(handle(followed).status, 404) << "a signed one may come from a link";
}

TEST_F(ServeS3, DataOfObjectsAloneIsStreamed) {
  EXPECT_TRUE(gateway_.streams(signed_request("PUT", "/photos/k")));
  EXPECT_TRUE(gateway_.streams(signed_request("PUT", "/photos/k?partNumber=1&uploadId=u")));
  EXPECT_TRUE(gateway_.streams(request("PUT", "/photos/k")));
  EXPECT_FALSE(gateway_.streams(signed_request("PUT", "/photos")));
  EXPECT_FALSE(gateway_.streams(signed_request("PUT", "/photos/k?tagging")));
  EXPECT_FALSE(gateway_.streams(signed_request("POST", "/photos/k?uploads")));
  EXPECT_FALSE(gateway_.streams(signed_form(kIdentity)));
}

TEST_F(ServeS3, ASmallObjectThatWasReadIsAnsweredFromMemory) {
  using Effort = Gateway::Effort;
  ASSERT_EQ(handle(signed_request("PUT", "/photos")).status, 200);
  ASSERT_EQ(handle(signed_request("PUT", "/photos/k", "hello")).status, 200);
  EXPECT_EQ(gateway_.effort_of(signed_request("GET", "/photos/k")), Effort::waiting);
  ASSERT_EQ(handle(signed_request("GET", "/photos/k")).status, 200);
  for (const auto* const method : {"GET", "HEAD"}) {
    EXPECT_EQ(gateway_.effort_of(signed_request(method, "/photos/k")), Effort::small);
    EXPECT_EQ(gateway_.effort_of(request(method, "/photos/k")), Effort::waiting) << "unsigned";
  }
  for (const auto* const other : {"/photos/j", "/photos", "/", "/photos/k?tagging"}) {
    EXPECT_EQ(gateway_.effort_of(signed_request("GET", other)), Effort::waiting) << other;
  }
  ASSERT_EQ(handle(signed_request("DELETE", "/photos/k")).status, 204);
  EXPECT_EQ(gateway_.effort_of(signed_request("GET", "/photos/k")), Effort::waiting);
}

TEST_F(ServeS3, TheKeyWasUsedForS3) {
  handle(signed_request("GET", "/"));
  const auto used = usage_.find(StsWorld::key_of("dev").id);
  ASSERT_TRUE(used);
  EXPECT_EQ(used->service, "s3");
}

}  // namespace
}  // namespace imdsd::gateway
