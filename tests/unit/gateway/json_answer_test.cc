// SPDX-License-Identifier: MIT
#include "gateway/json_answer.h"

#include <gtest/gtest.h>

#include "aws/answer_xml.h"
#include "aws/query_protocol.h"
#include "tests/fakes/http_request_builder.h"

namespace imdsd::gateway {
namespace {

TEST(JsonAnswer, HasTheMembersInTheirWrappersAndDatesAsNumbers) {
  const std::string xml =
      aws::answer_xml("AssumeRole", aws::kStsNamespace, "id", [](base::XmlWriter& out) {
        out.open("Credentials")
            .leaf("AccessKeyId", "ASIA1")
            .leaf("SecretAccessKey", "a+b/c")
            .leaf("SessionToken", "t==")
            .leaf("Expiration", "2020-10-25T00:15:14Z")
            .close();
        out.leaf("PackedPolicySize", "6").leaf("SourceIdentity", "12");
      });
  EXPECT_EQ(
      json_of_answer(xml),
      R"({"AssumeRoleResponse":{"AssumeRoleResult":{"Credentials":{"AccessKeyId":"ASIA1",)"
      R"("Expiration":1603584914,"SecretAccessKey":"a+b/c","SessionToken":"t=="},)"
      R"("PackedPolicySize":6,"SourceIdentity":"12"},"ResponseMetadata":{"RequestId":"id"}}})");
}

TEST(JsonAnswer, MakesListsOfMembers) {
  base::XmlWriter xml;
  xml.open("R").open("Roles");
  xml.open("member").leaf("RoleName", "a").open("RoleLastUsed").close().close();
  xml.open("member").leaf("RoleName", "b").open("Tags").close().close();
  xml.close().leaf("IsTruncated", "false").close();
  EXPECT_EQ(json_of_answer(xml.take()),
            R"({"R":{"IsTruncated":false,"Roles":[{"RoleLastUsed":{},"RoleName":"a"},)"
            R"({"RoleName":"b","Tags":[]}]}})");
}

TEST(JsonAnswer, MakesAnObjectOfEntries) {
  base::XmlWriter xml;
  xml.open("R").open("SummaryMap");
  xml.open("entry").leaf("key", "Users").leaf("value", "3").close();
  xml.close().close();
  EXPECT_EQ(json_of_answer(xml.take()), R"({"R":{"SummaryMap":{"Users":3}}})");
}

TEST(JsonAnswer, KeepsTextAsItWas) {
  const std::string odd = "<a>&amp;\"' \r\n\té😀</a> ";
  base::XmlWriter xml;
  xml.open("R").leaf("Description", odd).leaf("Empty", "").close();
  EXPECT_EQ(json_of_answer(xml.take()),
            "{\"R\":{\"Description\":\"<a>&amp;\\\"' \\r\\n\\té😀</a> \",\"Empty\":\"\"}}");
}

TEST(JsonAnswer, KnowsAListWithoutMembersFromTextOfWhiteSpace) {
  base::XmlWriter xml;
  xml.open("XResponse").open("XResult");
  xml.leaf("Description", "\n  ").leaf("Title", "\n- a").open("Users").close();
  xml.close().open("EmptyResult").close().close();
  EXPECT_EQ(json_of_answer(xml.take()),
            R"({"XResponse":{"EmptyResult":{},"XResult":{"Description":"\n  ","Title":"\n- a",)"
            R"("Users":[]}}})");
}

TEST(JsonAnswer, AnErrorHasNoRoot) {
  EXPECT_EQ(json_of_answer(
                aws::error_xml({403, "ExpiredToken", "It is \"over\""}, aws::kStsNamespace, "id")),
            R"({"Error":{"Code":"ExpiredToken","Message":"It is \"over\"","Type":"Sender"},)"
            R"("RequestId":"id"})");
}

struct AcceptCase {
  const char* accept;
  bool json;
};

TEST(JsonAnswer, IsForThoseWhoAcceptNoXml) {
  for (const auto& [accept, json] :
       {AcceptCase{"application/json", true}, AcceptCase{"Application/JSON; charset=utf-8", true},
        AcceptCase{"application/json, */*", true}, AcceptCase{"*/*", false},
        AcceptCase{"application/*", false}, AcceptCase{"", false},
        AcceptCase{"text/xml, application/json", false},
        AcceptCase{"application/json;q=0.9, application/xml", false},
        AcceptCase{"text/json", false}}) {
    const auto request = fakes::HttpRequestBuilder("GET", "/").header("Accept", accept).build();
    EXPECT_EQ(wants_json(request), json) << accept;
  }
  EXPECT_FALSE(wants_json(fakes::HttpRequestBuilder("GET", "/").build()));
}

}  // namespace
}  // namespace imdsd::gateway
