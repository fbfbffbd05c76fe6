// SPDX-License-Identifier: MIT
#include "sts/saml_keys.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/sts/assume_role_with_saml_fixture.h"

namespace imdsd::sts {
namespace {

struct KeyCase {
  std::string_view name;
  std::string_view key;
  std::string_view value;
};

class SamlTrustKeys : public AssumeRoleWithSaml, public testing::WithParamInterface<KeyCase> {
 protected:
  std::string outcome_with(const std::string& op, const std::string& value) {
    target().trust = trust_idp(
        kAssume, "{\"" + op + "\":{\"" + std::string(GetParam().key) + "\":\"" + value + "\"}}");
    SamlResponse response = response_;
    response.attributes.emplace_back("urn:oid:1.3.6.1.4.1.5923.1.1.1.1", Texts{"staff", "faculty"});
    response.attributes.emplace_back("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", Texts{"al@example.com"});
    response.attributes.emplace_back("urn:oid:1.3.6.1.4.1.5923.1.2.1.4", Texts{"Example"});
    response.attributes.emplace_back("urn:oid:2.5.4.3", Texts{"Alice Liddell"});
    response.attributes.emplace_back(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", Texts{"al@mail"});
    response.attributes.emplace_back("2.5.4.4", Texts{"Liddell"});
    response.attributes.emplace_back(
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid", Texts{"S-1-5"});
    return outcome(assume(response));
  }
};

TEST_P(SamlTrustKeys, HaveTheValue) {
  const std::string value(GetParam().value);
  EXPECT_EQ(outcome_with("ForAnyValue:StringEquals", value), "ok");
  EXPECT_EQ(outcome_with("ForAnyValue:StringEquals", value + "x"), kDenied);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SamlTrustKeys,
    testing::Values(KeyCase{"Aud", "SAML:aud", "https://signin.aws.amazon.com/saml"},
                    KeyCase{"Iss", "saml:iss", "https://idp.example/saml"},
                    KeyCase{"Sub", "saml:sub", "alice"},
                    KeyCase{"SubType", "saml:sub_type", "persistent"},
                    KeyCase{"Doc", "saml:doc", "123456789012/idp"},
                    // base64(sha1("https://idp.example/saml123456789012/idp")), by another program
                    KeyCase{"NameQualifier", "saml:namequalifier", "OQCQRaGnJVA5M4P0NcmXIWDaETw="},
                    KeyCase{"Affiliation", "saml:edupersonaffiliation", "faculty"},
                    KeyCase{"PrincipalName", "saml:eduPersonPrincipalName", "al@example.com"},
                    KeyCase{"LegalName", "saml:eduOrgLegalName", "Example"},
                    KeyCase{"Cn", "saml:cn", "Alice Liddell"},
                    KeyCase{"Mail", "saml:mail", "al@mail"},
                    KeyCase{"Surname", "saml:surname", "Liddell"},
                    KeyCase{"PrimaryGroup", "saml:primaryGroupSID", "S-1-5"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(AssumeRoleWithSaml, KeepsWhoItIsInTheSession) {
  target().policies = {R"({"Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::home/${saml:sub}/*",
       "Condition":{"StringEquals":{"saml:sub_type":"persistent",
         "aws:FederatedProvider":"arn:aws:iam::123456789012:saml-provider/idp"},
         "Null":{"saml:namequalifier":"false","saml:iss":"true","saml:aud":"true"}}}]})"};
  const iam::Caller caller = caller_of(assume());
  EXPECT_TRUE(may(caller, "s3:GetObject", "arn:aws:s3:::home/alice/file"));
  EXPECT_FALSE(may(caller, "s3:GetObject", "arn:aws:s3:::home/bob/file"));
}

}  // namespace
}  // namespace imdsd::sts
