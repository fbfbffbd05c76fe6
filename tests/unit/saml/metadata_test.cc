// SPDX-License-Identifier: MIT
#include "saml/metadata.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/fakes/manual_clock.h"
#include "tests/support/saml_idp.h"

namespace imdsd::saml {
namespace {

using support::SamlIdp;

std::string outcome(const std::string& xml) {
  const auto metadata = parse_metadata(xml);
  return metadata ? "ok" : metadata.error().message;
}

std::string entity(const std::string& content, const std::string& attributes = {}) {
  return R"(<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e" )" +
         attributes + ">" + content + "</md:EntityDescriptor>";
}

std::string idp_descriptor(const std::string& content) {
  return entity("<md:IDPSSODescriptor>" + content + "</md:IDPSSODescriptor>");
}

TEST(SamlMetadata, NamesTheProviderAndItsKeys) {
  const auto metadata = parse_metadata(SamlIdp::shared().metadata());
  ASSERT_TRUE(metadata) << metadata.error().message;
  EXPECT_EQ(metadata->entity_id, support::kEntityId);
  EXPECT_FALSE(metadata->valid_until);
  ASSERT_EQ(metadata->signing_certificates.size(), 1U);
  EXPECT_EQ(base::base64_encode(metadata->signing_certificates[0]),
            SamlIdp::shared().certificate());
}

TEST(SamlMetadata, MayEnd) {
  const auto metadata = parse_metadata(entity("", R"(validUntil="2026-01-01T00:00:00.000Z")"));
  ASSERT_TRUE(metadata) << metadata.error().message;
  EXPECT_EQ(metadata->valid_until, fakes::ManualClock::kStart);
}

TEST(SamlMetadata, TakesKeysForSigningAndForAnyUse) {
  const SamlIdp& idp = SamlIdp::shared();
  const auto keys = [&](const std::string& content) {
    return parse_metadata(content).value().signing_certificates.size();
  };
  EXPECT_EQ(keys(idp_descriptor(idp.key_descriptor() + idp.key_descriptor(""))), 2U);
  EXPECT_EQ(keys(idp_descriptor(idp.key_descriptor(R"(use="encryption")"))), 0U);
  EXPECT_EQ(keys(idp_descriptor("")), 0U);
  EXPECT_EQ(keys(entity("<md:SPSSODescriptor>" + idp.key_descriptor() + "</md:SPSSODescriptor>")),
            0U);
}

TEST(SamlMetadata, MayHaveBrokenLinesInCertificatesAndAByteOrderMark) {
  std::string xml = "\xEF\xBB\xBF" + SamlIdp::shared().metadata();
  const std::string& certificate = SamlIdp::shared().certificate();
  xml.insert(xml.find(certificate) + 64, "\r\n  ");
  const auto metadata = parse_metadata(xml);
  ASSERT_TRUE(metadata) << metadata.error().message;
  EXPECT_EQ(base::base64_encode(metadata->signing_certificates.at(0)), certificate);
}

TEST(SamlMetadata, AreRefusedWithACertificateThatCannotBeUsed) {
  std::string xml = SamlIdp::shared().metadata();
  const std::string& certificate = SamlIdp::shared().certificate();
  const std::size_t at = xml.find(certificate);
  EXPECT_EQ(outcome(std::string(xml).replace(at, certificate.size(), "?")),
            "a signing certificate: base64: incomplete group");
  EXPECT_EQ(outcome(std::string(xml).replace(at, certificate.size(), "aGVsbG8=")),
            "a signing certificate: is not an X.509 certificate");
  EXPECT_EQ(outcome(std::string(xml).replace(at, certificate.size(), "")),
            "a signing certificate: is not an X.509 certificate");
  EXPECT_EQ(outcome(SamlIdp(SamlIdp::KeyType::rsa_512).metadata()),
            "a signing certificate: has an RSA key under 1024 bits");
  EXPECT_EQ(outcome(SamlIdp(SamlIdp::KeyType::rsa_1024).metadata()), "ok");
  EXPECT_EQ(outcome(SamlIdp(SamlIdp::KeyType::p_256).metadata()), "ok");
}

TEST(SamlMetadata, AreOneEntityDescriptor) {
  EXPECT_EQ(outcome(""), "is not well-formed XML");
  EXPECT_EQ(outcome("text"), "is not well-formed XML");
  EXPECT_EQ(outcome("<EntityDescriptor entityID='e'/>"), "is not an EntityDescriptor");
  EXPECT_EQ(outcome("<m:EntityDescriptor entityID='e'/>"),
            "uses a namespace prefix that is not declared");
  EXPECT_EQ(outcome(R"(<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"/>)"),
            "has no entityID");
  EXPECT_EQ(outcome(entity("<a")), "is not well-formed XML");
  EXPECT_EQ(outcome(entity("") + entity("")), "is not well-formed XML");
  EXPECT_EQ(outcome(entity("&b;")), "is not well-formed XML");
  EXPECT_EQ(outcome("<!DOCTYPE a>" + entity("")), "has a document type");
  EXPECT_EQ(outcome(R"(<?xml version="1.0" encoding="ISO-8859-1"?>)" + entity("")),
            "is declared to be in an encoding other than UTF-8");
  EXPECT_EQ(outcome(R"(<?xml version="1.0" encoding="utf-8"?>)" + entity("")), "ok");
}

TEST(SamlMetadata, AreRefusedCutShort) {
  const std::string xml = SamlIdp::shared().metadata();
  const std::size_t end = xml.rfind('>');
  for (std::size_t size = 0; size < end; size += 7) {
    EXPECT_FALSE(parse_metadata(xml.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace imdsd::saml
