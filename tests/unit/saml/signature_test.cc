// SPDX-License-Identifier: MIT
#include "saml/signature.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/saml/saml_fixture.h"

namespace imdsd::saml {
namespace {

using support::SamlIdp;
using support::SignatureText;

std::string bad(std::string_view why) {
  return "invalid: Response signature invalid: " + std::string(why);
}

std::string outcome_of(const SignatureText& text, const SamlIdp& idp = SamlIdp::shared()) {
  const std::string xml = idp.sign(sample_response().xml(), "_assertion", text);
  const Metadata metadata = parse_metadata(idp.metadata()).value();
  return outcome(verify(xml, kNow, metadata));
}

TEST(SamlSignature, IsOfSha2WithRsaOrAnEllipticCurve) {
  const std::string more = "http://www.w3.org/2001/04/xmldsig-more#";
  for (const char* bits : {"256", "384", "512"}) {
    EXPECT_EQ(outcome_of({.method = more + "rsa-sha" + bits}), "ok alice");
  }
  const SamlIdp curve(SamlIdp::KeyType::p_256);
  for (const char* bits : {"256", "384", "512"}) {
    EXPECT_EQ(outcome_of({.method = more + "ecdsa-sha" + bits}, curve), "ok alice");
  }
  EXPECT_EQ(outcome_of({.digest = more + "sha384"}), "ok alice");
  EXPECT_EQ(outcome_of({.digest = "http://www.w3.org/2001/04/xmlenc#sha512"}), "ok alice");
}

TEST(SamlSignature, IsNotOfSha1) {
  EXPECT_EQ(outcome_of({.method = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"}),
            bad("SignatureMethod `http://www.w3.org/2000/09/xmldsig#rsa-sha1` is not accepted"));
  EXPECT_EQ(outcome_of({.digest = "http://www.w3.org/2000/09/xmldsig#sha1"}),
            bad("DigestMethod `http://www.w3.org/2000/09/xmldsig#sha1` is not accepted"));
}

// The provider's public key is no secret: a MAC under it proves nothing.
TEST(SamlSignature, IsNotAMac) {
  std::string xml = signed_xml(sample_response());
  xml = replaced(xml, "xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256");
  EXPECT_EQ(outcome(xml),
            bad("SignatureMethod `http://www.w3.org/2001/04/xmldsig-more#hmac-sha256` is not "
                "accepted"));
}

TEST(SamlSignature, HasTwoTransformsAndExclusiveCanonicalization) {
  const std::string enveloped =
      R"(<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>)";
  const std::string exclusive =
      R"(<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>)";
  const std::string inclusive =
      R"(<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>)";
  const std::string xpath =
      R"(<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>)"
      R"(ancestor-or-self::saml:Issuer</ds:XPath></ds:Transform>)";
  const std::string xslt =
      R"(<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>)";
  // Nobody has to sign these: they are refused before anything is computed.
  const auto with = [&](const std::string& transforms) {
    const SignatureText text{.transforms = transforms};
    return outcome(
        SamlIdp::with_template(sample_response().xml(), "_assertion", text.xml("#_assertion")));
  };
  EXPECT_EQ(with(enveloped), bad("there are not two transforms"));
  EXPECT_EQ(with(exclusive), bad("there are not two transforms"));
  EXPECT_EQ(with(""), bad("there are not two transforms"));
  EXPECT_EQ(with(enveloped + exclusive + exclusive), bad("there are not two transforms"));
  EXPECT_EQ(with(enveloped + inclusive),
            bad("Transform `http://www.w3.org/TR/2001/REC-xml-c14n-20010315` is not accepted"));
  EXPECT_EQ(with(xpath + exclusive),
            bad("Transform `http://www.w3.org/TR/1999/REC-xpath-19991116` is not accepted"));
  EXPECT_EQ(with(enveloped + xslt),
            bad("Transform `http://www.w3.org/TR/1999/REC-xslt-19991116` is not accepted"));
  EXPECT_EQ(with(replaced(enveloped, "/>", "><ds:XPath>0</ds:XPath></ds:Transform>") + exclusive),
            bad("Transform has parameters"));
  EXPECT_EQ(outcome_of({.canonicalization = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"}),
            bad("CanonicalizationMethod `http://www.w3.org/TR/2001/REC-xml-c14n-20010315` is not "
                "accepted"));
  EXPECT_EQ(outcome_of({.canonicalization = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"}),
            bad("CanonicalizationMethod `http://www.w3.org/2001/10/xml-exc-c14n#WithComments` is "
                "not accepted"));
}

TEST(SamlSignature, MayNameInclusivePrefixes) {
  const std::string prefixes =
      R"(<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs"/>)";
  SignatureText text;
  text.transforms = replaced(text.transforms, "xml-exc-c14n#\"/>",
                             "xml-exc-c14n#\">" + prefixes + "</ds:Transform>");
  EXPECT_EQ(outcome_of(text), "ok alice");
}

TEST(SamlSignature, RefersToTheElementThatItIsIn) {
  const std::string unsigned_xml = sample_response().xml();
  const auto with_uri = [&](const std::string& uri) {
    return outcome(SamlIdp::with_template(unsigned_xml, "_assertion", SignatureText().xml(uri)));
  };
  const std::string elsewhere = bad("it does not refer to the element that it is in");
  EXPECT_EQ(with_uri(""), elsewhere);
  EXPECT_EQ(with_uri("#_response"), elsewhere);
  EXPECT_EQ(with_uri("#xpointer(/)"), elsewhere);
  EXPECT_EQ(with_uri("#xpointer(id('_assertion'))"), elsewhere);
  EXPECT_EQ(with_uri("file:///etc/passwd"), elsewhere);
  EXPECT_EQ(with_uri("http://127.0.0.1:1/"), elsewhere);
  std::string no_id = replaced(unsigned_xml, R"(ID="_assertion")", R"(ID="a')]|//*[('")");
  no_id = replaced(no_id, "</saml:Issuer><saml:Subject>",
                   "</saml:Issuer>" + SignatureText().xml("#a')]|//*[('") + "<saml:Subject>");
  EXPECT_EQ(outcome(no_id), bad("the signed element has no ID"));
}

TEST(SamlSignature, HasNoObjectsNorSecondReference) {
  EXPECT_EQ(outcome_of({.after_value = "<ds:Object/>"}),
            bad("it has other children than SignedInfo, SignatureValue and KeyInfo"));
  const std::string xml = SignatureText().xml("#_assertion");
  const std::size_t start = xml.find("<ds:Reference");
  const std::size_t end = xml.find("</ds:SignedInfo>");
  std::string twice = xml;
  twice.insert(end, xml.substr(start, end - start));
  EXPECT_EQ(outcome(SamlIdp::with_template(sample_response().xml(), "_assertion", twice)),
            bad("it does not have one reference"));
}

TEST(SamlSignature, IsOfAKeyOfTheMetadataWhateverKeyInfoSays) {
  const SamlIdp mallory;
  const std::string key_info = "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>" +
                               mallory.certificate() +
                               "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>";
  const std::string xml =
      mallory.sign(sample_response().xml(), "_assertion", {.after_value = key_info});
  const std::string not_verified = bad("no certificate of the provider's metadata verifies it");
  EXPECT_EQ(outcome(xml), not_verified);
  // With the right signature, the wrong KeyInfo does no harm.
  EXPECT_EQ(outcome_of({.after_value = key_info}), "ok alice");

  Metadata both = idp_metadata();
  both.signing_certificates.insert(both.signing_certificates.begin(),
                                   parse_metadata(mallory.metadata())->signing_certificates[0]);
  EXPECT_EQ(outcome(verify(signed_xml(sample_response()), kNow, both)), "ok alice");
  Metadata none = idp_metadata();
  none.signing_certificates.clear();
  EXPECT_EQ(outcome(verify(signed_xml(sample_response()), kNow, none)),
            bad("the provider's metadata have no signing certificate"));
}

TEST(SamlSignature, IsOverEverythingInTheAssertion) {
  const std::string xml = signed_xml(sample_response());
  const std::string not_verified = bad("no certificate of the provider's metadata verifies it");
  EXPECT_EQ(outcome(replaced(xml, ">alice</saml:NameID>", ">admin</saml:NameID>")), not_verified);
  EXPECT_EQ(outcome(replaced(xml, "<saml:AttributeValue>alice", "<saml:AttributeValue>admin")),
            not_verified);
  EXPECT_EQ(outcome(replaced(xml, "urn:amazon:webservices<", "urn:amazon:webservice<")),
            not_verified);
  EXPECT_EQ(outcome(replaced(xml, "</saml:AttributeStatement>",
                             "</saml:AttributeStatement><saml:AttributeStatement/>")),
            not_verified);
}

TEST(SamlSignature, IsCheckedInBothPlacesWhereItIsInBoth) {
  const SamlIdp& idp = SamlIdp::shared();
  const SamlIdp mallory;
  const std::string not_verified = bad("no certificate of the provider's metadata verifies it");
  const std::string inner = mallory.sign(sample_response().xml(), "_assertion");
  EXPECT_EQ(outcome(idp.sign(inner, "_response")), not_verified);
  const std::string good_inner = idp.sign(sample_response().xml(), "_assertion");
  EXPECT_EQ(outcome(mallory.sign(good_inner, "_response")), not_verified);
}

TEST(SamlSignature, IsThere) {
  EXPECT_EQ(outcome(sample_response().xml()),
            bad("neither the response nor its assertion is signed"));
  const std::string empty = SamlIdp::with_template(sample_response().xml(), "_assertion",
                                                   SignatureText().xml("#_assertion"));
  EXPECT_EQ(outcome(empty), bad("no certificate of the provider's metadata verifies it"));
  EXPECT_EQ(outcome(SamlIdp::with_template(sample_response().xml(), "_assertion",
                                           R"(<ds:Signature xmlns:ds=")"
                                           R"(http://www.w3.org/2000/09/xmldsig#"/>)")),
            bad("it has other children than SignedInfo, SignatureValue and KeyInfo"));
}

}  // namespace
}  // namespace imdsd::saml
