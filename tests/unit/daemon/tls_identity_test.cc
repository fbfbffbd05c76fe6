// SPDX-License-Identifier: MIT
#include "daemon/tls_identity.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "temp_dir.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::daemon {
namespace {

using std::chrono::hours;

constexpr base::SystemTime kNow{std::chrono::seconds(1'800'000'000)};

class TlsIdentityTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<TlsIdentity> open(const std::vector<std::string>& hosts = {},
                                                  base::SystemTime now = kNow) {
    auto identity = TlsIdentity::open(state_, random_, server_names({loopback(0)}, hosts), now);
    EXPECT_TRUE(identity) << identity.error().message;
    return identity ? *std::move(identity) : nullptr;
  }
  [[nodiscard]] std::string file(const char* name) const {
    return state_.read(name).value().value_or("(none)");
  }
  [[nodiscard]] std::string server() const { return file(StateDir::kServerCertificate); }
  [[nodiscard]] std::string authority() const { return file(StateDir::kAuthorityCertificate); }
  [[nodiscard]] bool trusted(base::SystemTime at) const {
    return base::verify_server_certificate(authority(), server(), at).has_value();
  }

  TempDir temp_;
  StateDir state_ = StateDir::open(temp_ / "state").value();
  fakes::ScriptedRandom random_;
};

TEST(ServerNames, AreThoseThatClientsMayUse) {
  const auto listen = {base::SocketAddress::parse("0.0.0.0:1").value(),
                       base::SocketAddress::parse("192.0.2.1:2").value(), loopback(3)};
  const auto names = server_names(listen, {"host.docker.internal", "localhost"});
  EXPECT_EQ(names.dns,
            (std::vector<std::string>{"localhost", "*.localhost", "sts.localhost", "iam.localhost",
                                      "s3.localhost", "ec2.localhost", "host.docker.internal"}));
  std::string ips;
  for (const auto& ip : names.ips) ips += ip.to_string() + " ";
  EXPECT_EQ(ips, "127.0.0.1 ::1 192.0.2.1 ");
}

TEST_F(TlsIdentityTest, IsMadeOnceAndKept) {
  const auto first = open();
  EXPECT_NE(first->cell()->load(), nullptr);
  EXPECT_EQ(first->authority(), authority());
  EXPECT_TRUE(trusted(kNow));
  EXPECT_TRUE(base::TlsContext::for_server(server(), base::Secret(server())));
  const std::string before = server();
  EXPECT_EQ(open({}, kNow + hours(24))->authority(), first->authority());
  EXPECT_EQ(server(), before);
}

TEST_F(TlsIdentityTest, RenewsTheCertificateAMonthBeforeItEnds) {
  const auto identity = open();
  const std::string before = server(), trusted_before = authority();
  const auto due = kNow + TlsIdentity::kLifetime - TlsIdentity::kRenewBefore;
  ASSERT_TRUE(identity->renew(due - hours(1)));
  EXPECT_EQ(server(), before);
  const auto context = identity->cell()->load();
  ASSERT_TRUE(identity->renew(due + hours(1)));
  EXPECT_NE(server(), before);
  EXPECT_NE(identity->cell()->load(), context);
  EXPECT_EQ(authority(), trusted_before);
  EXPECT_TRUE(trusted(due + TlsIdentity::kLifetime));
}

TEST_F(TlsIdentityTest, RenewsTheAuthorityBeforeItEnds) {
  const auto identity = open();
  const std::string before = authority();
  const auto due = kNow + TlsIdentity::kAuthorityLifetime - TlsIdentity::kRenewBefore;
  ASSERT_TRUE(identity->renew(due + hours(1)));
  EXPECT_NE(authority(), before);
  EXPECT_EQ(identity->authority(), authority());
  EXPECT_TRUE(trusted(due + TlsIdentity::kRenewBefore + hours(2)));
}

TEST_F(TlsIdentityTest, ANewNameNeedsANewAuthorityAFormerOneDoesNot) {
  const auto identity = open();
  const std::string narrow = authority();
  ASSERT_TRUE(identity->change_names(server_names({loopback(0)}, {"a.example"}), kNow));
  const std::string wide = authority();
  EXPECT_NE(wide, narrow) << "the first may vouch for loopback only";
  EXPECT_TRUE(trusted(kNow));
  ASSERT_TRUE(identity->change_names(server_names({loopback(0)}, {}), kNow));
  EXPECT_EQ(authority(), wide);
  EXPECT_EQ(base::certificate_names(server()).value(), server_names({loopback(0)}, {}));
  ASSERT_TRUE(identity->change_names(server_names({loopback(0)}, {"b.localhost"}), kNow));
  EXPECT_EQ(authority(), wide) << "names below localhost are covered";
}

TEST_F(TlsIdentityTest, WhatDoesNotReadBackIsRefusedAndNotOverwritten) {
  ASSERT_TRUE(state_.write(StateDir::kAuthority, "-----BEGIN"));
  const auto refused = TlsIdentity::open(state_, random_, server_names({}, {}), kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Errc::corrupt);
  EXPECT_NE(refused.error().message.find("ca-key.pem"), std::string::npos);
  EXPECT_EQ(file(StateDir::kAuthority), "-----BEGIN");
}

TEST_F(TlsIdentityTest, ABrokenServerCertificateIsMadeAnew) {
  const auto first = open();
  const std::string trusted_before = authority();
  ASSERT_TRUE(state_.write(StateDir::kServerCertificate, "broken"));
  (void)open();
  EXPECT_TRUE(trusted(kNow));
  EXPECT_EQ(authority(), trusted_before);
}

}  // namespace
}  // namespace imdsd::daemon
