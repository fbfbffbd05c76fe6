// SPDX-License-Identifier: MIT
#include "saml/response.h"

#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/saml/saml_fixture.h"

namespace imdsd::saml {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using support::SamlIdp;
using support::SamlResponse;
using Texts = std::vector<std::string>;

std::string time_text(base::SystemTime time) {
  return aws::format_iso8601(time);
}

TEST(SamlResponse, SaysWhoSignedIn) {
  SamlResponse response = sample_response();
  response.authn_attributes = R"(SessionNotOnOrAfter="2026-01-01T01:00:00Z")";
  response.attributes.emplace_back("urn:oid:2.5.4.3", Texts{"Alice", " A. Liddell\n"});
  const auto identity = verify(signed_xml(response));
  ASSERT_TRUE(identity) << outcome(identity);
  EXPECT_EQ(identity->issuer, support::kEntityId);
  EXPECT_EQ(identity->subject, "alice");
  EXPECT_EQ(identity->subject_type, "persistent");
  EXPECT_EQ(identity->recipient, "https://signin.aws.amazon.com/saml");
  EXPECT_EQ(identity->session_not_on_or_after, kNow + minutes(60));
  EXPECT_EQ(identity->values("https://aws.amazon.com/SAML/Attributes/RoleSessionName"),
            Texts{"alice"});
  EXPECT_EQ(identity->values("urn:oid:2.5.4.3"), (Texts{"Alice", "A. Liddell"}));
  EXPECT_EQ(identity->values("urn:oid:2.5.4.4"), Texts{});
}

TEST(SamlResponse, IsSignedItselfOrItsAssertionOrBoth) {
  const SamlResponse response = sample_response();
  const SamlIdp& idp = SamlIdp::shared();
  const std::string of_response = idp.sign(response.xml(), "_response");
  EXPECT_EQ(outcome(of_response), "ok alice");
  const std::string of_assertion = idp.sign(response.xml(), "_assertion");
  EXPECT_EQ(outcome(of_assertion), "ok alice");
  EXPECT_EQ(outcome(idp.sign(of_assertion, "_response")), "ok alice");
}

TEST(SamlResponse, MayHaveOtherFormatsOfNames) {
  SamlResponse response = sample_response();
  const auto type_of = [&](const std::string& format) {
    response.format = format;
    return verify(signed_xml(response)).value().subject_type;
  };
  EXPECT_EQ(type_of("urn:oasis:names:tc:SAML:2.0:nameid-format:transient"), "transient");
  EXPECT_EQ(type_of("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress");
  const std::string none = replaced(response.xml(), " Format=\"" + response.format + "\"", "");
  EXPECT_EQ(verify(SamlIdp::shared().sign(none, "_assertion")).value().subject_type,
            "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified");
}

TEST(SamlResponse, MayBeOfAnyRegionAndOfTheProvidersOwnEndpoint) {
  SamlResponse response = sample_response();
  response.recipient = "https://eu-west-1.signin.aws.amazon.com/saml/acs/" + std::string(kUuid);
  response.audience = response.recipient;
  EXPECT_EQ(outcome(signed_xml(response)), "ok alice");
}

TEST(SamlResponse, MayHaveLinesInItsBase64) {
  std::string text = base::base64_encode(signed_xml(sample_response()));
  for (std::size_t at = 76; at < text.size(); at += 78) text.insert(at, "\r\n");
  EXPECT_EQ(outcome(verify_response(text + "\n", idp_metadata(), kUuid, kNow)), "ok alice");
}

struct Case {
  std::string_view name;
  std::function<void(SamlResponse&)> change;
  std::string_view expected;
};

class SamlResponseCheck : public testing::TestWithParam<Case> {};

TEST_P(SamlResponseCheck, Tells) {
  SamlResponse response = sample_response();
  GetParam().change(response);
  EXPECT_EQ(outcome(signed_xml(response)), GetParam().expected) << response.xml();
}

constexpr std::string_view kExpired = "expired: Response has expired";
constexpr std::string_view kEarly = "invalid: Response is not yet valid";
constexpr std::string_view kLate = "expired: Token must be redeemed within 5 minutes of issuance";
constexpr std::string_view kNoAudience =
    "invalid: Response does not contain the required audience.";
constexpr std::string_view kNoSubject = "invalid: The assertion must have a Subject with a NameID";
constexpr std::string_view kLongName = "invalid: NameID and its Format must have at most 256 bytes";
const std::string kLongestSubject = "ok " + std::string(256, 'a');
constexpr std::string_view kWrongRecipient =
    "invalid: Response has a Recipient that is not an AWS sign-in endpoint, as "
    "https://signin.aws.amazon.com/saml";

INSTANTIATE_TEST_SUITE_P(
    Table, SamlResponseCheck,
    testing::Values(
        Case{"Rejected", [](auto& r) { r.status = "urn:oasis:names:tc:SAML:2.0:status:Responder"; },
             "rejected: The identity provider did not sign the user in: its status is "
             "urn:oasis:names:tc:SAML:2.0:status:Responder"},
        Case{"OtherIssuer", [](auto& r) { r.issuer = "https://other.example"; },
             "unreadable: Issuer not present in specified provider"},
        Case{"IssuedNow", [](auto& r) { r.issued = time_text(kNow); }, "ok alice"},
        Case{"IssuedJustInTime",
             [](auto& r) { r.issued = time_text(kNow - minutes(5) + seconds(1)); }, "ok alice"},
        Case{"IssuedTooLongAgo", [](auto& r) { r.issued = time_text(kNow - minutes(5)); }, kLate},
        Case{"IssuedByAFastClock", [](auto& r) { r.issued = time_text(kNow + minutes(5)); },
             "ok alice"},
        Case{"IssuedInTheFuture",
             [](auto& r) { r.issued = time_text(kNow + minutes(5) + seconds(1)); }, kEarly},
        Case{"IssuedSometime", [](auto& r) { r.issued = "yesterday"; },
             "invalid: IssueInstant of the assertion is not a time in UTC"},
        Case{"NotBeforeAFastClock", [](auto& r) { r.not_before = time_text(kNow + minutes(5)); },
             "ok alice"},
        Case{"NotBefore", [](auto& r) { r.not_before = time_text(kNow + minutes(5) + seconds(1)); },
             kEarly},
        Case{"NotYetExpired", [](auto& r) { r.not_on_or_after = time_text(kNow + seconds(1)); },
             "ok alice"},
        Case{"Expired", [](auto& r) { r.not_on_or_after = time_text(kNow); }, kExpired},
        Case{"ExpiresSometime", [](auto& r) { r.not_on_or_after = "2026-01-01"; },
             "invalid: NotOnOrAfter of the assertion is not a time in UTC"},
        Case{"OtherAudience", [](auto& r) { r.audience = "urn:other"; }, kNoAudience},
        Case{"AudienceAmongOthers",
             [](auto& r) {
               r.audience = "urn:other</saml:Audience><saml:Audience>urn:amazon:webservices";
             },
             "ok alice"},
        Case{"AudienceInOneRestrictionOfTwo",
             [](auto& r) {
               r.audience =
                   "urn:amazon:webservices</saml:Audience></saml:AudienceRestriction>"
                   "<saml:AudienceRestriction><saml:Audience>urn:other";
             },
             kNoAudience},
        Case{"OtherRecipient", [](auto& r) { r.recipient = "https://evil.example/saml"; },
             kWrongRecipient},
        Case{"EndpointOfAnotherProvider",
             [](auto& r) { r.recipient = "https://signin.aws.amazon.com/saml/acs/OTHER"; },
             kWrongRecipient},
        Case{"NoSubject", [](auto& r) { r.subject = ""; }, kNoSubject},
        Case{"LongestSubject", [](auto& r) { r.subject = std::string(256, 'a'); }, kLongestSubject},
        Case{"LongSubject", [](auto& r) { r.subject = std::string(257, 'a'); }, kLongName},
        Case{"LongFormat", [](auto& r) { r.format = std::string(257, 'a'); }, kLongName},
        Case{"SubjectOfElements", [](auto& r) { r.subject = "<a/>alice"; }, kNoSubject},
        Case{"SessionOver",
             [](auto& r) { r.authn_attributes = R"(SessionNotOnOrAfter="2026-01-01T00:00:00Z")"; },
             kExpired},
        Case{"SessionEndsSometime",
             [](auto& r) { r.authn_attributes = R"(SessionNotOnOrAfter="soon")"; },
             "invalid: SessionNotOnOrAfter of the assertion is not a time in UTC"}),
    [](const auto& row) { return std::string(row.param.name); });

/// The same for parts that the text of a response is searched for.
struct EditCase {
  std::string_view name;
  std::string_view what, with;
  std::string_view expected;
};

class SamlResponseEdit : public testing::TestWithParam<EditCase> {};

TEST_P(SamlResponseEdit, Tells) {
  const std::string xml = replaced(sample_response().xml(), GetParam().what, GetParam().with);
  EXPECT_EQ(outcome(SamlIdp::shared().sign(xml, "_assertion")), GetParam().expected) << xml;
}

constexpr std::string_view kNoConfirmation =
    "invalid: Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter";
constexpr std::string_view kConfirmation =
    R"(<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">)";

INSTANTIATE_TEST_SUITE_P(
    Table, SamlResponseEdit,
    testing::Values(
        EditCase{"NoRecipient", R"( Recipient="https://signin.aws.amazon.com/saml")", "",
                 kNoConfirmation},
        EditCase{"NoEnd", R"(<saml:SubjectConfirmationData NotOnOrAfter="2026-01-01T00:05:00Z")",
                 "<saml:SubjectConfirmationData", kNoConfirmation},
        EditCase{"NoBearer", "cm:bearer", "cm:holder-of-key", kNoConfirmation},
        EditCase{"TwoConfirmations", kConfirmation,
                 R"(<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/>)"
                 R"(<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">)",
                 kNoConfirmation},
        EditCase{"UnknownCondition", "<saml:AudienceRestriction>",
                 "<saml:Condition/><saml:AudienceRestriction>",
                 "invalid: The assertion has a condition that is not known"},
        EditCase{"OneTimeUse", "<saml:AudienceRestriction>",
                 "<saml:OneTimeUse/><saml:AudienceRestriction>", "ok alice"},
        EditCase{"NoAudience",
                 "saml:AudienceRestriction><saml:Audience>urn:amazon:webservices"
                 "</saml:Audience></saml:AudienceRestriction",
                 "saml:OneTimeUse></saml:OneTimeUse", kNoAudience},
        EditCase{"NoIssueInstant",
                 R"(ID="_assertion" Version="2.0" IssueInstant="2026-01-01T00:00:00Z")",
                 R"(ID="_assertion" Version="2.0")",
                 "invalid: IssueInstant is required in the assertion"},
        EditCase{"OldAssertion", R"(ID="_assertion" Version="2.0")",
                 R"(ID="_assertion" Version="1.1")", "invalid: The assertion is not SAML 2.0"},
        EditCase{"OldResponse", R"(ID="_response" Version="2.0")",
                 R"(ID="_response" Version="1.1")",
                 "unreadable: Invalid SAMLResponse: it is not a Response of SAML 2.0"},
        EditCase{"NoStatus",
                 "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>", "",
                 "rejected: The identity provider did not sign the user in: its status is missing"},
        EditCase{"EncryptedId",
                 "<saml:NameID Format=", "<saml:EncryptedID/><saml:NameID Format=", "ok alice"},
        EditCase{"TwoNames", "<saml:NameID Format=",
                 "<saml:NameID>mallory</saml:NameID>"
                 "<saml:NameID Format=",
                 kNoSubject}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(SamlResponse, OfMetadataThatEndedIsRefused) {
  Metadata metadata = idp_metadata();
  metadata.valid_until = kNow;
  EXPECT_EQ(outcome(verify(signed_xml(sample_response()), kNow, metadata)),
            "invalid: The metadata of the provider have expired");
  metadata.valid_until = kNow + seconds(1);
  EXPECT_EQ(outcome(verify(signed_xml(sample_response()), kNow, metadata)), "ok alice");
}

TEST(SamlResponse, IsBase64OfBoundedXml) {
  const auto of_text = [](std::string_view text) {
    return outcome(verify_response(text, idp_metadata(), kUuid, kNow));
  };
  constexpr std::string_view kNotBase64 = "unreadable: Invalid base64 SAMLResponse";
  EXPECT_EQ(of_text("a"), kNotBase64);
  EXPECT_EQ(of_text("PGEv Pg=="), kNotBase64);
  EXPECT_EQ(of_text("PGEvPh=="), kNotBase64);  // bits left over
  EXPECT_EQ(of_text(std::string(kMaxResponseText + 4, 'A')), kNotBase64);
  EXPECT_EQ(of_text(""), "unreadable: Invalid SAMLResponse: it is not well-formed XML");
  EXPECT_EQ(outcome("<a/>"), "unreadable: Invalid SAMLResponse: it is not a Response of SAML 2.0");
  EXPECT_EQ(outcome("<a>"), "unreadable: Invalid SAMLResponse: it is not well-formed XML");
}

TEST(SamlResponse, IsRefusedCutAnywhere) {
  const std::string xml = signed_xml(sample_response());
  const std::size_t end = xml.rfind('>');
  for (std::size_t size = 0; size < end; size += 3) {
    EXPECT_FALSE(verify(xml.substr(0, size))) << size;
  }
  const std::string text = base::base64_encode(xml);
  for (std::size_t size = 0; size + 4 < text.size(); size += 11) {
    EXPECT_FALSE(verify_response(text.substr(0, size), idp_metadata(), kUuid, kNow)) << size;
  }
}

// A changed byte is refused, or it is one that means nothing: white space, what is not signed.
TEST(SamlResponse, NeverSaysAnythingElseWithAByteChanged) {
  const std::string xml = signed_xml(sample_response());
  const Identity expected = verify(xml).value();
  for (std::size_t at = 0; at < xml.size(); ++at) {
    std::string changed = xml;
    changed[at] = static_cast<char>(changed[at] ^ (at % 2 == 0 ? 0x01 : 0x20));
    const auto identity = verify(changed);
    if (!identity) continue;
    EXPECT_EQ(identity->subject, expected.subject) << at;
    EXPECT_EQ(identity->recipient, expected.recipient) << at;
    ASSERT_EQ(identity->attributes.size(), expected.attributes.size()) << at;
    EXPECT_EQ(identity->attributes[0].name, expected.attributes[0].name) << at;
    EXPECT_EQ(identity->attributes[0].values, expected.attributes[0].values) << at;
  }
}

std::string file(const std::string& name) {
  std::ifstream in(IMDSD_SOURCE_DIR "/tests/fuzz/corpus/saml/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// signxml made these (tests/fuzz/make_saml_corpus.py).
TEST(SamlResponse, MayBeSignedByAnotherLibrary) {
  const Metadata metadata = parse_metadata(file("metadata")).value();
  EXPECT_EQ(outcome(verify(file("assertion_signed"), kNow, metadata)), "ok alice");
  EXPECT_EQ(outcome(verify(file("response_signed"), kNow, metadata)), "ok alice");
}

TEST(SamlResponse, IsVerifiedInManyThreads) {
  const std::string good = signed_xml(sample_response());
  const std::string bad = replaced(good, "alice", "admin");
  std::vector<std::string> outcomes(4);
  std::vector<std::thread> threads;
  for (std::string& out : outcomes) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const bool both = verify(good).has_value() && !verify(bad).has_value();
        out += both ? '+' : '-';
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const std::string& out : outcomes) EXPECT_EQ(out, std::string(20, '+'));
}

}  // namespace
}  // namespace imdsd::saml
