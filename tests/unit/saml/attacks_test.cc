// SPDX-License-Identifier: MIT
// Attacks on SAML service providers, each as it was published. The attacker has one good response,
// for the user alice, and wants to be admin.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/saml/saml_fixture.h"

namespace imdsd::saml {
namespace {

using support::SamlIdp;
using support::SamlResponse;

/// The parts of a signed response that wrapping attacks move around (Somorovsky et al., "On
/// Breaking SAML: Be Whoever You Want to Be", USENIX Security 2012; the numbers are those of SAML
/// Raider).
class SignatureWrapping : public testing::Test {
 protected:
  SignatureWrapping() {
    const SamlResponse response = sample_response();
    of_response_ = SamlIdp::shared().sign(response.xml(), "_response");
    of_assertion_ = SamlIdp::shared().sign(response.xml(), "_assertion");
    SamlResponse evil = response;
    evil.subject = "admin";
    evil.assertion_id = "_evil";
    evil_assertion_ = evil.assertion();
    evil.response_id = "_evil_response";
    evil_response_ = evil.xml();
  }

  static std::string part(const std::string& xml, const std::string& start,
                          const std::string& end) {
    const std::size_t from = xml.find(start);
    const std::size_t to = xml.find(end, from);
    if (from == std::string::npos || to == std::string::npos) throw std::logic_error("no " + start);
    return xml.substr(from, to + end.size() - from);
  }
  static std::string signature(const std::string& xml) {
    return part(xml, "<ds:Signature ", "</ds:Signature>");
  }
  static std::string without(const std::string& xml, const std::string& what) {
    return replaced(xml, what, "");
  }
  [[nodiscard]] std::string assertion() const {
    return part(of_assertion_, "<saml:Assertion ", "</saml:Assertion>");
  }
  /// A response without signature around this.
  static std::string around(const std::string& content) {
    return sample_response().around(content);
  }
  static std::string in_extensions(const std::string& content) {
    return "<samlp:Extensions>" + content + "</samlp:Extensions>";
  }
  static std::string in_object(const std::string& signature, const std::string& content) {
    return replaced(signature, "</ds:Signature>",
                    "<ds:Object>" + content + "</ds:Object></ds:Signature>");
  }

  std::string of_response_, of_assertion_, evil_assertion_, evil_response_;
};

constexpr std::string_view kNotOne = "invalid: Response must contain exactly one assertion";

TEST_F(SignatureWrapping, HasAGoodResponseToStartFrom) {
  EXPECT_EQ(outcome(of_response_), "ok alice");
  EXPECT_EQ(outcome(of_assertion_), "ok alice");
  EXPECT_EQ(outcome(around(assertion())), "ok alice");
}

TEST_F(SignatureWrapping, Xsw1SignedResponseBehindTheSignatureOfAnEvilOne) {
  const std::string original = part(of_response_, "<samlp:Response", "</samlp:Response>");
  const std::string moved =
      in_object(signature(of_response_), without(original, signature(original)));
  EXPECT_EQ(outcome(SamlIdp::with_template(evil_response_, "_evil_response", moved)), kNotOne);
}

TEST_F(SignatureWrapping, Xsw2SignedResponseInFrontOfTheSignatureOfAnEvilOne) {
  const std::string original = part(of_response_, "<samlp:Response", "</samlp:Response>");
  const std::string moved = without(original, signature(original)) + signature(original);
  EXPECT_EQ(outcome(SamlIdp::with_template(evil_response_, "_evil_response", moved)), kNotOne);
}

TEST_F(SignatureWrapping, Xsw3EvilAssertionInFrontOfTheSignedOne) {
  EXPECT_EQ(outcome(around(evil_assertion_ + assertion())), kNotOne);
  EXPECT_EQ(outcome(around(assertion() + evil_assertion_)), kNotOne);
}

TEST_F(SignatureWrapping, Xsw4SignedAssertionInsideAnEvilOne) {
  const std::string evil =
      replaced(evil_assertion_, "</saml:Assertion>", assertion() + "</saml:Assertion>");
  EXPECT_EQ(outcome(around(evil)), kNotOne);
}

TEST_F(SignatureWrapping, Xsw5SignatureInAnEvilAssertionAndTheSignedOneBehind) {
  const std::string evil =
      replaced(evil_assertion_, "</saml:Issuer>", "</saml:Issuer>" + signature(of_assertion_));
  EXPECT_EQ(outcome(around(evil + without(assertion(), signature(of_assertion_)))), kNotOne);
}

TEST_F(SignatureWrapping, Xsw6SignedAssertionInTheSignatureOfAnEvilOne) {
  const std::string original = without(assertion(), signature(of_assertion_));
  const std::string evil =
      replaced(evil_assertion_, "</saml:Issuer>",
               "</saml:Issuer>" + in_object(signature(of_assertion_), original));
  EXPECT_EQ(outcome(around(evil)), kNotOne);
}

TEST_F(SignatureWrapping, Xsw7EvilAssertionInExtensions) {
  EXPECT_EQ(outcome(around(in_extensions(evil_assertion_) + assertion())), kNotOne);
  EXPECT_EQ(outcome(around(in_extensions(assertion()) + evil_assertion_)), kNotOne);
}

TEST_F(SignatureWrapping, Xsw8SignedAssertionInAnObjectOfItsOwnSignature) {
  const std::string original = without(assertion(), signature(of_assertion_));
  const std::string evil =
      replaced(evil_assertion_, "</saml:Issuer>",
               "</saml:Issuer>" + in_object(signature(of_assertion_), original));
  EXPECT_EQ(outcome(around(replaced(evil, "_evil", "_assertion"))), kNotOne);
}

// The same with the wrapped element renamed, so that there is one Assertion only: then it is not
// the one that was signed.
TEST_F(SignatureWrapping, OneAssertionIsNotEnough) {
  const std::string hidden = replaced(
      replaced(without(assertion(), signature(of_assertion_)), "<saml:Assertion ", "<saml:Advice "),
      "</saml:Assertion>", "</saml:Advice>");
  const std::string evil =
      replaced(evil_assertion_, "</saml:Issuer>", "</saml:Issuer>" + signature(of_assertion_));
  EXPECT_EQ(outcome(around(in_extensions(hidden) + evil)),
            "invalid: Response signature invalid: it does not refer to the element that it is in");
  EXPECT_EQ(outcome(around(in_extensions(hidden) + replaced(evil, "_evil", "_assertion"))),
            "invalid: Response signature invalid: an ID is there twice");
  EXPECT_EQ(outcome(around(in_extensions(replaced(hidden, "ID=", "Id=")) +
                           replaced(evil, "_evil", "_assertion"))),
            "invalid: Response signature invalid: an ID is there twice");
  EXPECT_EQ(outcome(around(in_extensions(replaced(hidden, "ID=", "xml:id=")) +
                           replaced(evil, "_evil", "_assertion"))),
            "unreadable: Invalid SAMLResponse: it has an attribute xml:id");
  EXPECT_EQ(outcome(around(in_extensions(signature(of_assertion_)) + evil_assertion_)),
            "invalid: Response signature invalid: it has signatures in other places than one in "
            "the response and one in its assertion");
}

TEST_F(SignatureWrapping, NothingOutsideTheSignedAssertionIsRead) {
  // The response around a signed assertion is anybody's: its own issuer is compared, and no more.
  const std::string other = replaced(of_assertion_, "</samlp:Status>",
                                     "</samlp:Status><samlp:Extensions><a/></samlp:Extensions>");
  EXPECT_EQ(outcome(other), "ok alice");
}

// CVE-2017-11427 and its sisters: the text in front of a comment was taken for the whole.
TEST(SamlComment, DoesNotCutANameShort) {
  SamlResponse response = sample_response();
  response.subject = "admin@example.com.evil.example";
  std::string xml = signed_xml(response);
  xml = replaced(xml, ">admin@example.com", ">admin@example.com<!-- -->");
  EXPECT_EQ(outcome(xml), "ok admin@example.com.evil.example");
  xml = replaced(signed_xml(sample_response()), "<saml:AttributeValue>alice",
                 "<saml:AttributeValue>al<!---->ice");
  EXPECT_EQ(verify(xml).value().attributes.at(0).values, std::vector<std::string>{"alice"});
}

TEST(SamlComment, AlsoInCdataAndInstructions) {
  SamlResponse response = sample_response();
  response.subject = "ad<![CDATA[min]]>.evil";
  EXPECT_EQ(outcome(signed_xml(response)), "ok admin.evil");
  // Instructions are signed; a name with one in it is none.
  response.subject = "admin<?a b?>.evil";
  EXPECT_EQ(outcome(signed_xml(response)),
            "invalid: The assertion must have a Subject with a NameID");
}

// The other way round: a comment hides what a naive scanner sees.
TEST(SamlComment, DoesNotHideASecondAssertion) {
  const std::string good = signed_xml(sample_response());
  SamlResponse evil = sample_response();
  evil.assertion_id = "_evil";
  const std::string hidden =
      replaced(good, "</samlp:Status>", "</samlp:Status><!--" + evil.assertion() + "-->");
  EXPECT_EQ(outcome(hidden), "ok alice");
}

constexpr std::string_view kType = "unreadable: Invalid SAMLResponse: it has a document type";

TEST(SamlEntity, OfAFileIsNotRead) {
  const std::string good = signed_xml(sample_response());
  const std::string body = good.substr(good.find("<samlp:Response"));
  EXPECT_EQ(outcome(R"(<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>)" +
                    replaced(body, ">alice<", ">&x;<")),
            kType);
  EXPECT_EQ(outcome(R"(<!DOCTYPE r SYSTEM "http://127.0.0.1:1/r.dtd">)" + body), kType);
  EXPECT_EQ(outcome(R"(<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:1/"> %x;]>)" + body),
            kType);
  EXPECT_EQ(outcome("<!DOCTYPE r>" + body), kType);
}

TEST(SamlEntity, BombDoesNotGoOff) {
  std::string type = "<!DOCTYPE r [<!ENTITY l0 \"lol\">";
  for (int i = 1; i < 10; ++i) {
    type += "<!ENTITY l" + std::to_string(i) + " \"";
    for (int k = 0; k < 10; ++k) type += "&l" + std::to_string(i - 1) + ";";
    type += "\">";
  }
  EXPECT_EQ(outcome(type + "]>" + sample_response().around("&l9;")), kType);
}

// An attribute that a document type would declare as ID, or give a default value.
TEST(SamlEntity, AttributesHaveNoTypes) {
  EXPECT_EQ(outcome("<!DOCTYPE r [<!ATTLIST a b ID #IMPLIED>]>" + sample_response().xml()), kType);
}

TEST(SamlEntity, IsNotInUtf7) {
  EXPECT_EQ(outcome(R"(<?xml version="1.0" encoding="UTF-7"?>)" + sample_response().xml()),
            "unreadable: Invalid SAMLResponse: it is declared to be in an encoding other than "
            "UTF-8");
}

TEST(SamlEncryption, IsRefusedInWords) {
  const std::string xml = sample_response().around(
      R"(<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>)");
  EXPECT_EQ(outcome(xml),
            "invalid: Response has an encrypted assertion; the provider has no private key to "
            "decrypt it with");
}

// What grows with the square of its size is bounded before it is computed.
TEST(SamlFlood, IsBounded) {
  std::string wide = "<a";
  for (int i = 0; i < 5000; ++i) wide += " a" + std::to_string(i) + "=''";
  EXPECT_EQ(outcome(wide + "/>"),
            "unreadable: Invalid SAMLResponse: it has an element with too many attributes");
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "<a>";
  EXPECT_EQ(outcome(deep), "unreadable: Invalid SAMLResponse: it is nested too deeply");
  std::string many = "<a>";
  for (int i = 0; i < 18000; ++i) many += "<b/>";
  EXPECT_EQ(outcome(many + "</a>"), "unreadable: Invalid SAMLResponse: it has too many elements");
}

}  // namespace
}  // namespace imdsd::saml
