// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

using support::field;
using Texts = std::vector<std::string>;

class OidcProviders : public ::testing::Test {
 protected:
  support::IamWorld iam_{{provider_operations()}};
  const std::string thumbprint_ = std::string(40, 'a');
  const std::string arn_ =
      "&OpenIDConnectProviderArn=arn:aws:iam::123456789012:oidc-provider/id.example.com/t/1";

  support::IamAnswer create(const std::string& more = {}) {
    return iam_.call("Action=CreateOpenIDConnectProvider&Url=https://id.example.com/t/1" + more);
  }
  support::IamAnswer get() { return iam_.call("Action=GetOpenIDConnectProvider" + arn_); }
  static std::string members(const std::string& list, std::size_t count, const std::string& value) {
    std::string out;
    for (std::size_t i = 1; i <= count; ++i) {
      out += "&" + list + ".member." + std::to_string(i) + "=" + value;
    }
    return out;
  }
};

TEST_F(OidcProviders, LiveFromCreationToDeletion) {
  const auto created =
      create(members("ClientIDList", 1, "app") + members("ThumbprintList", 1, thumbprint_) +
             "&Tags.member.1.Key=k&Tags.member.1.Value=v");
  EXPECT_EQ("&OpenIDConnectProviderArn=" + created.text("OpenIDConnectProviderArn"), arn_);
  EXPECT_EQ(created.text("Key"), "k");
  const auto got = get();
  EXPECT_EQ(got.text("Url"), "id.example.com/t/1");
  EXPECT_NE(got.text("ClientIDList").find("<member>app</member>"), std::string::npos);
  EXPECT_NE(got.text("ThumbprintList").find(thumbprint_), std::string::npos);
  EXPECT_EQ(got.text("CreateDate"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(got.text("Value"), "v");
  EXPECT_EQ(
      "&OpenIDConnectProviderArn=" + iam_.call("Action=ListOpenIDConnectProviders").text("Arn"),
      arn_);
  EXPECT_EQ(iam_.call("Action=DeleteOpenIDConnectProvider" + arn_).status, 200);
  const auto again = iam_.call("Action=DeleteOpenIDConnectProvider" + arn_);
  EXPECT_EQ(again.status, 404);
  EXPECT_EQ(again.code, "NoSuchEntity");
  EXPECT_EQ(again.message,
            "OpenId connect Provider " + arn_.substr(arn_.find('=') + 1) + " cannot be found.");
  const auto gone = get();
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.code, "NoSuchEntity");
  EXPECT_EQ(gone.message,
            "OpenIDConnect Provider not found for arn " + arn_.substr(arn_.find('=') + 1));
  EXPECT_TRUE(iam_.call("Action=ListOpenIDConnectProviders").has("OpenIDConnectProviderList"));
}

TEST_F(OidcProviders, AreChanged) {
  EXPECT_FALSE(create().has("Tags"));
  EXPECT_TRUE(get().has("Tags"));
  iam_.call("Action=AddClientIDToOpenIDConnectProvider&ClientID=a" + arn_);
  iam_.call("Action=AddClientIDToOpenIDConnectProvider&ClientID=b" + arn_);
  iam_.call("Action=AddClientIDToOpenIDConnectProvider&ClientID=a" + arn_);
  EXPECT_EQ(get().texts("member"), (Texts{"a", "b"}));
  iam_.call("Action=RemoveClientIDFromOpenIDConnectProvider&ClientID=a" + arn_);
  EXPECT_EQ(iam_.call("Action=RemoveClientIDFromOpenIDConnectProvider&ClientID=a" + arn_).status,
            200);
  EXPECT_EQ(get().texts("member"), Texts{"b"});
  EXPECT_EQ(iam_.call("Action=UpdateOpenIDConnectProviderThumbprint" + arn_ +
                      members("ThumbprintList", 1, thumbprint_))
                .status,
            200);
  EXPECT_EQ(get().texts("member"), (Texts{"b", thumbprint_}));
}

TEST_F(OidcProviders, HaveTags) {
  create();
  iam_.call("Action=TagOpenIDConnectProvider&Tags.member.1.Key=a&Tags.member.1.Value=1" + arn_);
  EXPECT_EQ(iam_.call("Action=ListOpenIDConnectProviderTags" + arn_).text("Value"), "1");
  iam_.call("Action=UntagOpenIDConnectProvider&TagKeys.member.1=A" + arn_);
  EXPECT_EQ(iam_.call("Action=ListOpenIDConnectProviderTags" + arn_).text("Key"), "a");
  iam_.call("Action=UntagOpenIDConnectProvider&TagKeys.member.1=a" + arn_);
  EXPECT_TRUE(iam_.call("Action=ListOpenIDConnectProviderTags" + arn_).texts("Key").empty());
}

TEST_F(OidcProviders, AreRefusedInTheServicesWords) {
  create();
  const auto again = create();
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code, "EntityAlreadyExists");
  EXPECT_EQ(again.message, "Provider with url https://id.example.com/t/1 already exists.");
  for (const char* url : {"http://a.example", "https://", "https:///path", "https://a.example?q",
                          "https://a.example%23f", "https://a%20b"}) {
    const auto bad = iam_.call("Action=CreateOpenIDConnectProvider&Url=" + std::string(url));
    EXPECT_EQ(bad.code, "ValidationError") << url;
    EXPECT_EQ(bad.message, "Invalid Open ID Connect Provider URL") << url;
  }
  EXPECT_EQ(create(members("ThumbprintList", 1, "short")).message,
            "1 validation error detected: Value at 'thumbprintList' failed to satisfy constraint: "
            "Member must satisfy constraint: [Member must have length less than or equal to 40, "
            "Member must have length greater than or equal to 40]");
  EXPECT_EQ(iam_.call("Action=CreateOpenIDConnectProvider&Url=https://" + std::string(300, 'a') +
                      members("ThumbprintList", 1, "short") +
                      members("ClientIDList", 1, std::string(256, 'a')))
                .message,
            "3 validation errors detected: Value at 'clientIDList' failed to satisfy constraint: "
            "Member must satisfy constraint: [Member must have length less than or equal to 255, "
            "Member must have length greater than or equal to 1]; Value at 'thumbprintList' failed "
            "to satisfy constraint: Member must satisfy constraint: [Member must have length less "
            "than or equal to 40, Member must have length greater than or equal to 40]; Value at "
            "'url' failed to satisfy constraint: Member must have length less than or equal to "
            "255");
  EXPECT_EQ(create(members("ThumbprintList", 6, thumbprint_)).code, "InvalidInput");
  EXPECT_EQ(create(members("ClientIDList", 101, "a")).message,
            "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100");
  EXPECT_EQ(iam_.call("Action=GetOpenIDConnectProvider"
                      "&OpenIDConnectProviderArn=arn:aws:iam::123456789012:role/x")
                .code,
            "InvalidInput");
  EXPECT_EQ(
      iam_.call("Action=GetOpenIDConnectProvider&OpenIDConnectProviderArn=" + std::string(30, 'x'))
          .message,
      "Invalid ARN:  Could not be parsed!");
}

TEST_F(OidcProviders, OfOtherAccountsAreNotThere) {
  create();
  const auto other = support::IamWorld::root("210987654321");
  EXPECT_EQ(iam_.call("Action=GetOpenIDConnectProvider" + arn_, other).code, "NoSuchEntity");
  EXPECT_EQ(iam_.call("Action=DeleteOpenIDConnectProvider" + arn_, other).code, "NoSuchEntity");
  EXPECT_EQ(get().status, 200);
}

TEST_F(OidcProviders, AreAtMostAHundred) {
  const auto make = [&](int i) {
    return iam_.call("Action=CreateOpenIDConnectProvider&Url=https://a.example/" +
                     std::to_string(i));
  };
  for (int i = 0; i < 100; ++i) EXPECT_EQ(make(i).status, 200);
  EXPECT_EQ(make(100).message, "Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100");
}

std::string metadata(const std::string& attributes = {}) {
  return R"(<?xml version="1.0"?><!-- made up --><md:EntityDescriptor)"
         R"( xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example")" +
         attributes + ">" + std::string(1000, ' ') + "&amp;</md:EntityDescriptor>\n";
}

class SamlProviders : public ::testing::Test {
 protected:
  support::IamWorld iam_{{provider_operations()}};
  const std::string arn_ = "&SAMLProviderArn=arn:aws:iam::123456789012:saml-provider/idp";

  support::IamAnswer create(const std::string& document, const std::string& more = {}) {
    return iam_.call("Action=CreateSAMLProvider&Name=idp" +
                     field("SAMLMetadataDocument", document) + more);
  }
  support::IamAnswer get() { return iam_.call("Action=GetSAMLProvider" + arn_); }
};

TEST_F(SamlProviders, LiveFromCreationToDeletion) {
  const auto created = create(metadata(R"( validUntil="2027-06-01T12:00:00.500Z")"),
                              "&Tags.member.1.Key=k&Tags.member.1.Value=v");
  EXPECT_EQ("&SAMLProviderArn=" + created.text("SAMLProviderArn"), arn_);
  EXPECT_EQ(created.text("Key"), "k");
  const auto got = get();
  EXPECT_EQ(got.text("SAMLProviderUUID").size(), 24U);
  EXPECT_NE(got.text("SAMLMetadataDocument").find("&amp;amp;&lt;/md:EntityDescriptor&gt;"),
            std::string::npos);
  EXPECT_EQ(got.text("CreateDate"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(got.text("ValidUntil"), "2027-06-01T12:00:00Z");
  EXPECT_EQ(got.text("Value"), "v");
  EXPECT_EQ(got.text("AssertionEncryptionMode"), "Allowed");
  EXPECT_TRUE(got.has("PrivateKeyList"));
  const auto listed = iam_.call("Action=ListSAMLProviders");
  EXPECT_EQ("&SAMLProviderArn=" + listed.text("Arn"), arn_);
  EXPECT_EQ(listed.text("ValidUntil"), "2027-06-01T12:00:00Z");
  const auto updated =
      iam_.call("Action=UpdateSAMLProvider" + arn_ + field("SAMLMetadataDocument", metadata()));
  EXPECT_EQ("&SAMLProviderArn=" + updated.text("SAMLProviderArn"), arn_);
  EXPECT_EQ(get().text("ValidUntil").substr(0, 4), "2125");
  EXPECT_EQ(get().text("SAMLProviderUUID"), got.text("SAMLProviderUUID"));
  EXPECT_EQ(iam_.call("Action=DeleteSAMLProvider" + arn_).status, 200);
  EXPECT_EQ(iam_.call("Action=DeleteSAMLProvider" + arn_).code, "NoSuchEntity");
  EXPECT_EQ(get().message,
            "Manifest not found for arn arn:aws:iam::123456789012:saml-provider/idp");
}

TEST_F(SamlProviders, HaveAnEmptyListOfTags) {
  EXPECT_FALSE(create(metadata()).has("Tags"));
  EXPECT_TRUE(get().has("Tags"));
}

TEST_F(SamlProviders, NeedMetadataOfAnEntity) {
  const std::string space(1000, ' ');
  for (const std::string& document : {
           "not XML" + space,
           "<EntityDescriptor>" + space + "</EntityDescriptor>",
           R"(<EntityDescriptor entityID="">)" + space + "</EntityDescriptor>",
           R"(<Other entityID="a">)" + space + "</Other>",
           R"(<EntityDescriptor entityID="a">)" + space,
           R"(<EntityDescriptor entityID="a">)" + space + "</Other>",
           R"(<EntityDescriptor entityID="a">)" + space + "</EntityDescriptor>more",
           R"(<EntityDescriptor entityID=a>)" + space + "</EntityDescriptor>",
           R"(<EntityDescriptor entityID="a)" + space,
           R"(<EntityDescriptor entityID)" + space,
           R"(<!DOCTYPE x><EntityDescriptor entityID="a">)" + space + "</EntityDescriptor>",
           metadata(R"( validUntil="tomorrow")"),
       }) {
    const auto refused = create(document);
    EXPECT_EQ(refused.status, 400) << document;
    EXPECT_EQ(refused.code, "InvalidInput") << document;
    EXPECT_EQ(refused.message, "Could not parse metadata") << document;
  }
  EXPECT_EQ(create(R"(<EntityDescriptor entityID="a"></EntityDescriptor>)").code,
            "ValidationError");
  EXPECT_EQ(get().code, "NoSuchEntity");
}

TEST_F(SamlProviders, AreRefusedInTheServicesWords) {
  create(metadata());
  EXPECT_EQ(create(metadata()).code, "EntityAlreadyExists");
  EXPECT_EQ(
      iam_.call("Action=CreateSAMLProvider&Name=a%2Bb" + field("SAMLMetadataDocument", metadata()))
          .message,
      "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must "
      "satisfy regular expression pattern: [\\w._-]+");
  EXPECT_EQ(iam_.call("Action=UpdateSAMLProvider&AssertionEncryptionMode=Required" + arn_).code,
            "InvalidInput");
  EXPECT_EQ(iam_.call("Action=UpdateSAMLProvider" + arn_ +
                      field("SAMLMetadataDocument", std::string(1000, 'x')))
                .code,
            "InvalidInput");
}

TEST_F(SamlProviders, HaveTags) {
  create(metadata());
  iam_.call("Action=TagSAMLProvider&Tags.member.1.Key=a&Tags.member.1.Value=1" + arn_);
  EXPECT_EQ(iam_.call("Action=ListSAMLProviderTags" + arn_).text("Value"), "1");
  iam_.call("Action=UntagSAMLProvider&TagKeys.member.1=a" + arn_);
  EXPECT_TRUE(iam_.call("Action=ListSAMLProviderTags" + arn_).texts("Key").empty());
}

}  // namespace
}  // namespace imdsd::iam::api
