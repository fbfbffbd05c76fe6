// SPDX-License-Identifier: MIT
#include "gateway/scope_hint.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"

namespace imdsd::gateway {
namespace {

struct Case {
  std::string_view name, authorization, target, service, region;
};

class ScopeHintTest : public testing::TestWithParam<Case> {};

TEST_P(ScopeHintTest, ReadsTheCredential) {
  const auto& c = GetParam();
  fakes::HttpRequestBuilder builder("GET", std::string(c.target));
  if (!c.authorization.empty()) builder.header("Authorization", std::string(c.authorization));
  if (c.name == "sigv4a") builder.header("X-Amz-Region-Set", "us-east-1");
  const auto hint = scope_hint(builder.build());
  EXPECT_EQ(hint.has_value(), !c.service.empty());
  if (!hint) return;
  EXPECT_EQ(hint->service, c.service);
  EXPECT_EQ(hint->region, c.region);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, ScopeHintTest,
    testing::Values(
        Case{"header",
             "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/sts/aws4_request, "
             "SignedHeaders=host, Signature=0",
             "/", "sts", "us-east-1"},
        Case{"header_at_its_end",
             "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/s3/aws4_request", "/", "s3",
             "eu-west-1"},
        Case{"empty_region", "AWS4-HMAC-SHA256 Credential=AKIA/20260101//iam/aws4_request", "/",
             "iam", ""},
        Case{"last_duplicate", "AWS4-HMAC-SHA256 Credential=A/1/r/iam/t,Credential=A/1/r/sts/t",
             "/", "sts", "r"},
        Case{"another_parameter_that_ends_alike",
             "AWS4-HMAC-SHA256 Credential=A/1/us-east-1/sts/aws4_request, SignedHeaders=host, "
             "Signature=0, XCredential=A/1/eu-west-1/iam/aws4_request",
             "/", "sts", "us-east-1"},
        Case{"query", "", "/?X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fsts%2Faws4_request",
             "sts", "us-east-1"},
        Case{"unsigned_request", "", "/?Action=GetCallerIdentity", "", ""},
        Case{"basic", "Basic QWxhZGRpbg==", "/", "", ""},
        Case{"four_parts", "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/sts", "/", "", ""},
        Case{"six_parts", "AWS4-HMAC-SHA256 Credential=a/AKIA/20260101/us-east-1/sts/aws4", "/", "",
             ""},
        Case{"sigv4a",
             "AWS4-ECDSA-P256-SHA256 Credential=AKIA/20260101/sts/aws4_request, SignedHeaders=h",
             "/", "sts", "us-east-1"},
        Case{"sigv4a_query", "",
             "/?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Region-Set=eu-%2A"
             "&X-Amz-Credential=AKIA%2F20260101%2Fiam%2Faws4_request",
             "iam", ""},
        Case{"sigv4a_five_parts",
             "AWS4-ECDSA-P256-SHA256 Credential=AKIA/20260101/us-east-1/sts/aws4_request", "/", "",
             ""},
        Case{"nothing", "AWS4-HMAC-SHA256 Credential=", "/", "", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace imdsd::gateway
