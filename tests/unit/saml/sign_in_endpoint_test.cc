// SPDX-License-Identifier: MIT
#include "saml/sign_in_endpoint.h"

#include <gtest/gtest.h>

namespace imdsd::saml {
namespace {

constexpr std::string_view kUuid = "0B1C2D3E4F5G6H7J8K9LMNPQ";

TEST(SignInEndpoint, IsAwsOfAnyRegionAndPartition) {
  for (const std::string_view url : {
           "https://signin.aws.amazon.com/saml",
           "https://eu-west-1.signin.aws.amazon.com/saml",
           "https://signin.amazonaws.cn/saml",
           "https://signin.amazonaws-us-gov.com/saml",
           "https://signin.aws.amazon.com/saml/acs/0B1C2D3E4F5G6H7J8K9LMNPQ",
           "https://us-east-2.signin.aws.amazon.com/saml/acs/0B1C2D3E4F5G6H7J8K9LMNPQ",
       }) {
    EXPECT_TRUE(is_sign_in_endpoint(url, kUuid)) << url;
    EXPECT_TRUE(is_aws_audience(url, kUuid)) << url;
  }
}

TEST(SignInEndpoint, IsNothingElse) {
  for (const std::string_view url : {
           "",
           "https://",
           "http://signin.aws.amazon.com/saml",
           "https://signin.aws.amazon.com",
           "https://signin.aws.amazon.com/",
           "https://signin.aws.amazon.com/saml/",
           "https://signin.aws.amazon.com/saml?a=b",
           "https://signin.aws.amazon.com:443/saml",
           "https://evil-signin.aws.amazon.com/saml",
           "https://.signin.aws.amazon.com/saml",
           "https://evil.example/signin.aws.amazon.com/saml",
           "https://a.b.signin.aws.amazon.com/saml",
           "https://user@signin.aws.amazon.com/saml",
           "https://signin.aws.amazon.com.evil.example/saml",
           "https://signin.aws.amazon.com/saml/acs/",
           "https://signin.aws.amazon.com/saml/acs/OTHER",
           "https://signin.aws.amazon.com/saml/acs/0B1C2D3E4F5G6H7J8K9LMNPQ/",
       }) {
    EXPECT_FALSE(is_sign_in_endpoint(url, kUuid)) << url;
    EXPECT_FALSE(is_aws_audience(url, kUuid)) << url;
  }
  EXPECT_FALSE(is_sign_in_endpoint("https://signin.aws.amazon.com/saml/acs/", ""));
}

TEST(AwsAudience, IsItsNameAsWell) {
  EXPECT_TRUE(is_aws_audience("urn:amazon:webservices", kUuid));
  EXPECT_TRUE(is_aws_audience("urn:amazon:webservices:govcloud", kUuid));
  EXPECT_FALSE(is_sign_in_endpoint("urn:amazon:webservices", kUuid));
  EXPECT_FALSE(is_aws_audience("urn:amazon:webservices:evil", kUuid));
  EXPECT_FALSE(is_aws_audience("urn:amazon:webservice", kUuid));
}

}  // namespace
}  // namespace imdsd::saml
