// SPDX-License-Identifier: MIT
#include "aws/query_protocol.h"

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"

namespace imdsd::aws {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

QueryParameters parsed(std::string_view form) {
  return QueryParameters::parse(form).value();
}

TEST(QueryParameters, DecodesNamesAndValuesInWireOrder) {
  EXPECT_EQ(
      parsed("Action=GetCallerIdentity&Version=2011-06-15&Policy=%7B%22a%22%3A+1%7D&%C3%A9").all(),
      (Pairs{{"Action", "GetCallerIdentity"},
             {"Version", "2011-06-15"},
             {"Policy", R"({"a": 1})"},
             {"\xC3\xA9", ""}}));
  EXPECT_TRUE(parsed("").all().empty());
}

TEST(QueryParameters, KeepsPlusSignsThatWereEscaped) {
  EXPECT_EQ(parsed("WebIdentityToken=a%2Bb%2F%3D%3D").get("WebIdentityToken"), "a+b/==");
}

TEST(QueryParameters, GivesTheFirstOfDuplicates) {
  const auto parameters = parsed("Action=GetCallerIdentity&Action=NoSuchAction");
  EXPECT_EQ(parameters.get("Action"), "GetCallerIdentity");
  EXPECT_EQ(parameters.get("Version"), std::nullopt);
  EXPECT_EQ(parsed("Action=&Action=B").get("Action"), "");
}

TEST(QueryParameters, NamesAreCaseSensitive) {
  EXPECT_EQ(parsed("action=X").get("Action"), std::nullopt);
}

TEST(QueryParameters, RefusesBrokenEscapesAndText) {
  for (const std::string_view form :
       {"a=%", "a=%4", "a=%zz", "%=a", "a=1&b=%e9", "a=\xFF", "\xC3=1", "a=%ED%A0%80"}) {
    const auto result = QueryParameters::parse(form);
    ASSERT_FALSE(result) << form;
    EXPECT_EQ(result.error().code, base::Errc::invalid_argument);
  }
}

TEST(QueryParameters, AreAtMost10000) {
  std::string form;
  for (int i = 0; i < 10'000; ++i) form += "a&";
  EXPECT_EQ(parsed(form).all().size(), 10'000U);
  const auto more = QueryParameters::parse(form + "a");
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, base::Errc::too_large);
}

TEST(QueryParameters, NeverFailsOnATruncatedFormWithoutEscapes) {
  const std::string_view form = "Action=AssumeRole&Tags.member.1.Key=a&Tags.member.1.Value=b";
  for (std::size_t n = 0; n <= form.size(); ++n) {
    EXPECT_TRUE(QueryParameters::parse(form.substr(0, n))) << n;
  }
}

TEST(QueryParameterList, GroupsStructuresByNumber) {
  const auto tags = parsed(
                        "Tags.member.2.Key=k2&Tags.member.1.Key=k1&Action=X&Tags.member.1.Value=v1&"
                        "Tags.member.2.Value=")
                        .list("Tags");
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0].all(), (Pairs{{"Key", "k1"}, {"Value", "v1"}}));
  EXPECT_EQ(tags[1].all(), (Pairs{{"Key", "k2"}, {"Value", ""}}));
}

TEST(QueryParameterList, GivesPlainMembersAnEmptyName) {
  const auto keys =
      parsed("TransitiveTagKeys.member.1=a&TransitiveTagKeys.member.2=b").list("TransitiveTagKeys");
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].get(""), "a");
  EXPECT_EQ(keys[1].get(""), "b");
}

TEST(QueryParameterList, OrdersByNumberNotByText) {
  std::string form;
  for (int i = 12; i >= 1; --i) {
    form += "A.member." + std::to_string(i) + "=" + std::to_string(i) + "&";
  }
  const auto members = parsed(form).list("A");
  ASSERT_EQ(members.size(), 12U);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(members[i].get(""), std::to_string(i + 1));
}

TEST(QueryParameterList, LosesNothingBehindAGap) {
  // A session policy that were dropped for its number would widen the session.
  const auto arns =
      parsed("PolicyArns.member.2.arn=x&PolicyArns.member.65538.arn=y").list("PolicyArns");
  ASSERT_EQ(arns.size(), 2U);
  EXPECT_EQ(arns[0].get("arn"), "x");
  EXPECT_EQ(arns[1].get("arn"), "y");
}

TEST(QueryParameterList, TakesOnlyItsOwnPrefixAndNumbers) {
  const auto parameters = parsed(
      "Tags=&Tags.member=1&Tags.member.=1&Tags.member.x.Key=1&Tags.member.-1.Key=1&"
      "Tags.member.1x.Key=1&Tags.member.9999999999.Key=1&Tagsy.member.1.Key=1&"
      "XTags.member.1.Key=1&Tags.Member.1.Key=1");
  EXPECT_TRUE(parameters.list("Tags").empty());
}

TEST(QueryParameterList, Nests) {
  const auto outer = parsed("A.member.1.B.member.1.C=x&A.member.1.B.member.2.C=y").list("A");
  ASSERT_EQ(outer.size(), 1U);
  const auto inner = outer[0].list("B");
  ASSERT_EQ(inner.size(), 2U);
  EXPECT_EQ(inner[1].get("C"), "y");
}

TEST(QueryParameterList, IsNumberedWithoutMemberInEc2) {
  const auto filters = parsed(
                           "Filter.2.Name=b&Filter.1.Name=a&Filter.1.Value.2=y&Filter.1.Value.1=x&"
                           "Filter.member.1.Name=c&Filters.1.Name=d")
                           .numbered("Filter");
  ASSERT_EQ(filters.size(), 2U);
  EXPECT_EQ(filters[0].get("Name"), "a");
  EXPECT_EQ(filters[1].get("Name"), "b");
  const auto values = filters[0].numbered("Value");
  ASSERT_EQ(values.size(), 2U);
  EXPECT_EQ(values[0].get(""), "x");
  EXPECT_EQ(values[1].get(""), "y");
}

struct SourceCase {
  std::string_view name, method, target, content_type, body;
  Pairs expected;
};

class QueryParametersOf : public testing::TestWithParam<SourceCase> {};

TEST_P(QueryParametersOf, AreReadFromTheRightPlace) {
  const auto& c = GetParam();
  fakes::HttpRequestBuilder builder{std::string(c.method), std::string(c.target)};
  if (!c.content_type.empty()) builder.header("content-Type", std::string(c.content_type));
  const auto parameters = query_parameters(builder.body(std::string(c.body)).build());
  ASSERT_TRUE(parameters);
  EXPECT_EQ(parameters->all(), c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, QueryParametersOf,
    testing::Values(
        SourceCase{
            "PostForm", "POST", "/?q=1", "application/x-www-form-urlencoded", "a=1", {{"a", "1"}}},
        SourceCase{"PostFormWithCharset",
                   "POST",
                   "/",
                   "Application/X-WWW-form-urlencoded ; charset=utf-8",
                   "a=1",
                   {{"a", "1"}}},
        SourceCase{"PostWithoutType", "POST", "/?q=1", "", "a=1", {}},
        SourceCase{"PostJson", "POST", "/", "application/json", "a=1", {}},
        SourceCase{"PostLongerType", "POST", "/", "application/x-www-form-urlencodedx", "a=1", {}},
        SourceCase{"Get", "GET", "/?a=1&X-Amz-Date=2", "", "", {{"a", "1"}, {"X-Amz-Date", "2"}}},
        SourceCase{"GetWithBody",
                   "GET",
                   "/?q=1",
                   "application/x-www-form-urlencoded",
                   "a=1",
                   {{"q", "1"}}},
        SourceCase{"GetWithoutQuery", "GET", "/", "", "", {}},
        SourceCase{"Put", "PUT", "/?q=1", "application/x-www-form-urlencoded", "a=1", {}},
        SourceCase{"Head", "HEAD", "/?q=1", "", "", {}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(QueryParametersOf, ReportsAMalformedBody) {
  const auto request = fakes::HttpRequestBuilder("POST", "/")
                           .header("Content-Type", "application/x-www-form-urlencoded")
                           .body("a=%zz")
                           .build();
  EXPECT_FALSE(query_parameters(request));
}

TEST(ErrorXml, HasTheShapeOfTheService) {
  EXPECT_EQ(error_xml({400, "ValidationError", "a < \"b\" & c", ServiceError::Fault::sender},
                      kStsNamespace, "1f2e"),
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
            "  <Error>\n"
            "    <Type>Sender</Type>\n"
            "    <Code>ValidationError</Code>\n"
            "    <Message>a &lt; &quot;b&quot; &amp; c</Message>\n"
            "  </Error>\n"
            "  <RequestId>1f2e</RequestId>\n"
            "</ErrorResponse>\n");
}

TEST(ErrorXml, LeavesOutAMissingMessageAndNamesTheFault) {
  EXPECT_EQ(error_xml({500, "InternalFailure", std::nullopt, ServiceError::Fault::receiver},
                      kFaultNamespace, "1f2e"),
            "<ErrorResponse xmlns=\"http://webservices.amazon.com/AWSFault/2005-15-09\">\n"
            "  <Error>\n"
            "    <Type>Receiver</Type>\n"
            "    <Code>InternalFailure</Code>\n"
            "  </Error>\n"
            "  <RequestId>1f2e</RequestId>\n"
            "</ErrorResponse>\n");
}

}  // namespace
}  // namespace imdsd::aws
