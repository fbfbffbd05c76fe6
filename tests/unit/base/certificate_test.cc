// SPDX-License-Identifier: MIT
#include "base/certificate.h"

#include <string>

#include <gtest/gtest.h>

#include "base/tls_context.h"

namespace imdsd::base {
namespace {

using std::chrono::hours;

constexpr SystemTime kNow{std::chrono::seconds(1'800'000'000)};

IpAddress ip(std::string_view text) {
  return IpAddress::parse(text).value();
}

CertificateTerms terms(CertificateNames names, hours lifetime = hours(24)) {
  return {"test", std::move(names), kNow, lifetime};
}

CertificateNames loopback() {
  return {{"localhost", "*.localhost"}, {ip("127.0.0.1"), ip("::1")}};
}

class Certificate : public ::testing::Test {
 protected:
  Secret authority(CertificateNames names) {
    return make_certificate_authority(terms(std::move(names), hours(1000)), random_).value();
  }
  Secret server(const Secret& authority, CertificateNames names) {
    return issue_server_certificate(authority, terms(std::move(names)), random_).value();
  }
  static std::string verdict(const Secret& authority, const Secret& server, SystemTime at = kNow) {
    const auto verified = verify_server_certificate(authority.reveal(), server.reveal(), at);
    return verified ? "trusted" : verified.error().message;
  }
  RealRandom random_;
};

TEST_F(Certificate, OfAServerIsTrustedThroughItsAuthorityAlone) {
  const Secret mine = authority(loopback()), other = authority(loopback());
  const Secret server_certificate = server(mine, loopback());
  EXPECT_EQ(verdict(mine, server_certificate), "trusted");
  EXPECT_NE(verdict(other, server_certificate), "trusted");
  EXPECT_TRUE(TlsContext::for_server(server_certificate.reveal(), server_certificate).has_value());
}

TEST_F(Certificate, HasItsTimes) {
  const Secret mine = authority(loopback());
  const Secret issued = server(mine, loopback());
  EXPECT_EQ(verdict(mine, issued, kNow - std::chrono::minutes(59)), "trusted");
  EXPECT_EQ(verdict(mine, issued, kNow - std::chrono::minutes(61)), "certificate is not yet valid");
  EXPECT_EQ(verdict(mine, issued, kNow + std::chrono::minutes(24 * 60 - 1)), "trusted");
  EXPECT_EQ(verdict(mine, issued, kNow + hours(25)), "certificate has expired");
}

TEST_F(Certificate, AuthorityVouchesForItsNamesOnly) {
  const Secret mine = authority(loopback());
  struct Case {
    const char* name;
    CertificateNames names;
    bool trusted;
  };
  const Case cases[] = {
      {"below localhost", {{"sts.localhost"}, {}}, true},
      {"another name", {{"example.com"}, {}}, false},
      {"one of two", {{"localhost", "sts.amazonaws.com"}, {}}, false},
      {"another loopback address", {{}, {ip("127.0.0.2")}}, false},
      {"another address", {{"localhost"}, {ip("192.0.2.1")}}, false},
      {"the IPv6 address", {{}, {ip("::1")}}, true},
  };
  for (const Case& test : cases) {
    const bool trusted = verdict(mine, server(mine, test.names)) == "trusted";
    EXPECT_EQ(trusted, test.trusted) << test.name;
  }
}

TEST_F(Certificate, AuthorityWithoutAddressesVouchesForNone) {
  const Secret names_only = authority({{"localhost"}, {}});
  EXPECT_NE(verdict(names_only, server(names_only, {{"localhost"}, {ip("127.0.0.1")}})), "trusted");
  const Secret addresses_only = authority({{}, {ip("127.0.0.1")}});
  EXPECT_NE(verdict(addresses_only, server(addresses_only, {{"localhost"}, {}})), "trusted");
}

TEST_F(Certificate, AServerSignsNoOthers) {
  const Secret mine = authority(loopback());
  const Secret first = server(mine, loopback());
  EXPECT_NE(verdict(first, server(first, loopback())), "trusted");
}

TEST_F(Certificate, NamesReadBack) {
  const CertificateNames names{{"localhost", "host.docker.internal"},
                               {ip("127.0.0.1"), ip("::1"), ip("fd00::1")}};
  EXPECT_EQ(certificate_names(server(authority(names), names).reveal()).value(), names);
}

TEST_F(Certificate, WhatIsNoNameIsRefused) {
  for (const char* name : {"", "a,DNS:b", "a b", "a;b", "ä"}) {
    EXPECT_FALSE(make_certificate_authority(terms({{name}, {}}), random_)) << name;
  }
  EXPECT_FALSE(make_certificate_authority(terms({}), random_)) << "none at all";
}

TEST_F(Certificate, PublicPartHasNoKey) {
  const Secret mine = authority(loopback());
  const std::string certificate = public_certificate(mine.reveal()).value();
  EXPECT_EQ(certificate.find("PRIVATE"), std::string::npos);
  EXPECT_TRUE(certificate.starts_with("-----BEGIN CERTIFICATE-----\n"));
  const Secret issued = server(mine, loopback());
  EXPECT_TRUE(verify_server_certificate(certificate, issued.reveal(), kNow).has_value());
}

TEST_F(Certificate, TruncatedPemIsCorruptAndNeverMore) {
  const Secret mine = authority(loopback());
  const std::string pem(mine.reveal());
  for (std::size_t size = 0; size + 30 < pem.size(); ++size) {
    const std::string_view part = std::string_view(pem).substr(0, size);
    EXPECT_FALSE(public_certificate(part)) << size;
    EXPECT_FALSE(certificate_names(part)) << size;
    EXPECT_FALSE(issue_server_certificate(Secret(part), terms(loopback()), random_)) << size;
  }
}

}  // namespace
}  // namespace imdsd::base
