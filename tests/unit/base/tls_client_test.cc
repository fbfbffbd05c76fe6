// SPDX-License-Identifier: MIT
#include "base/tls_client.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/tls_peer.h"

namespace imdsd::base {
namespace {

using support::Identity;
using support::make_identity;
using support::TlsPeer;

class TlsClientTest : public testing::Test {
 protected:
  /// Carries bytes between both until the handshake ends.
  static Result<TlsClient> connect(TlsPeer& peer, const TlsTrust& trust,
                                   const std::string& name = "issuer.example",
                                   const std::vector<std::string>& thumbprints = {}) {
    IMDSD_TRY(auto client, TlsClient::start(trust, name, thumbprints));
    for (int turn = 0; turn < 8 && !client.connected(); ++turn) {
      const std::string answer = peer.exchange(client.take_outgoing());
      if (answer.empty()) return fail(Errc::internal, "the server says nothing");
      IMDSD_TRY_VOID(client.receive(answer));
    }
    // A server of TLS 1.3 has tickets to give.
    const std::string last = peer.exchange(client.take_outgoing());
    if (!last.empty()) IMDSD_TRY_VOID(client.receive(last));
    return client;
  }
  static std::string outcome(const Result<TlsClient>& client) {
    if (client) return "connected";
    return client.error().code == Errc::access_denied ? "denied: " + client.error().message
                                                      : "error: " + client.error().message;
  }

  const Identity root_ = make_identity("root", "", nullptr);
  const Identity middle_ = make_identity("middle", "", &root_);
  const Identity leaf_ = make_identity("leaf", "DNS:issuer.example,IP:127.0.0.1", &middle_);
  const TlsTrust trusts_root_ = TlsTrust::system(root_.pem()).value();
  const TlsTrust trusts_nobody_here_ = TlsTrust::system().value();
};

TEST_F(TlsClientTest, TalksToWhomItTrusts) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPeer peer(leaf_, {middle_}, version);
    auto client = connect(peer, trusts_root_);
    ASSERT_TRUE(client) << client.error().message;
    EXPECT_EQ(peer.server_name(), "issuer.example");
    ASSERT_TRUE(client->send("GET / HTTP/1.1\r\n"));
    (void)peer.exchange(client->take_outgoing());
    EXPECT_EQ(peer.received(), "GET / HTTP/1.1\r\n");
    const std::string large(100'000, 'x');
    const auto received = client->receive(peer.send(large));
    ASSERT_TRUE(received) << received.error().message;
    EXPECT_EQ(client->take_received(), large);
    EXPECT_FALSE(client->ended());
    ASSERT_TRUE(client->receive(peer.close()));
    EXPECT_TRUE(client->ended());
  }
}

TEST_F(TlsClientTest, BytesMayComeOneByOne) {
  TlsPeer peer(leaf_, {middle_});
  auto client = TlsClient::start(trusts_root_, "issuer.example", {}).value();
  while (!client.connected()) {
    for (const char byte : peer.exchange(client.take_outgoing())) {
      ASSERT_TRUE(client.receive({&byte, 1}));
    }
  }
  const std::string tickets = peer.exchange(client.take_outgoing());
  for (const char byte : tickets + peer.send("answer")) ASSERT_TRUE(client.receive({&byte, 1}));
  EXPECT_EQ(client.take_received(), "answer");
}

TEST_F(TlsClientTest, AddressesAreNamesToo) {
  TlsPeer peer(leaf_, {middle_});
  EXPECT_EQ(outcome(connect(peer, trusts_root_, "127.0.0.1")), "connected");
  EXPECT_EQ(peer.server_name(), "") << "RFC 6066 section 3: no addresses";
}

TEST_F(TlsClientTest, OthersAreDenied) {
  const auto denied = [&](const Identity& server, const std::vector<Identity>& chain,
                          const TlsTrust& trust, const std::string& name) {
    TlsPeer peer(server, chain);
    return outcome(connect(peer, trust, name));
  };
  EXPECT_EQ(denied(leaf_, {middle_}, trusts_nobody_here_, "issuer.example").rfind("denied", 0), 0U);
  EXPECT_EQ(denied(leaf_, {}, trusts_root_, "issuer.example").rfind("denied", 0), 0U);
  EXPECT_NE(denied(leaf_, {middle_}, trusts_root_, "other.example").find("hostname mismatch"),
            std::string::npos);
  EXPECT_NE(denied(leaf_, {middle_}, trusts_root_, "127.0.0.2").find("IP address mismatch"),
            std::string::npos);
  const Identity old = make_identity("old", "DNS:issuer.example", &root_, 2 * 86'400);
  EXPECT_NE(denied(old, {}, trusts_root_, "issuer.example").find("expired"), std::string::npos);
  // Whoever has a certificate of a server is no authority by that.
  const Identity forged = make_identity("forged", "DNS:issuer.example", &leaf_);
  EXPECT_EQ(denied(forged, {leaf_, middle_}, trusts_root_, "issuer.example").rfind("denied", 0),
            0U);
}

TEST_F(TlsClientTest, AThumbprintIsAnAuthority) {
  const auto with = [&](const Identity& server, const std::vector<Identity>& chain,
                        const std::vector<std::string>& thumbprints,
                        const std::string& name = "issuer.example") {
    TlsPeer peer(server, chain);
    return outcome(connect(peer, trusts_nobody_here_, name, thumbprints));
  };
  EXPECT_EQ(with(leaf_, {middle_}, {middle_.thumbprint()}), "connected");
  EXPECT_EQ(with(leaf_, {middle_, root_}, {root_.thumbprint()}), "connected");
  EXPECT_EQ(with(leaf_, {middle_}, {std::string(40, '0'), leaf_.thumbprint()}), "connected");
  std::string upper = middle_.thumbprint();
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(with(leaf_, {middle_}, {upper}), "connected");
  const Identity self = make_identity("self", "DNS:issuer.example", nullptr);
  EXPECT_EQ(with(self, {}, {self.thumbprint()}), "connected");

  EXPECT_EQ(with(leaf_, {middle_}, {std::string(40, '0')}).rfind("denied", 0), 0U);
  EXPECT_EQ(with(leaf_, {middle_}, {root_.thumbprint()}).rfind("denied", 0), 0U) << "not sent";
  EXPECT_EQ(with(leaf_, {middle_}, {middle_.thumbprint()}, "other.example").rfind("denied", 0), 0U);
  // A certificate that is sent along and has signed nothing vouches for nothing.
  const Identity stranger = make_identity("stranger", "DNS:issuer.example", nullptr);
  EXPECT_EQ(with(stranger, {middle_}, {middle_.thumbprint()}).rfind("denied", 0), 0U);
  const Identity old = make_identity("old", "DNS:issuer.example", &middle_, 2 * 86'400);
  EXPECT_EQ(with(old, {middle_}, {middle_.thumbprint()}).rfind("denied", 0), 0U);
}

TEST_F(TlsClientTest, OldVersionsAndOtherProtocolsAreRefused) {
  TlsPeer old(leaf_, {middle_}, TLS1_1_VERSION);
  EXPECT_EQ(outcome(connect(old, trusts_root_)).rfind("error", 0), 0U);
  auto client = TlsClient::start(trusts_root_, "issuer.example", {}).value();
  const auto plain = client.receive("HTTP/1.1 400 Bad Request\r\n\r\n");
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, Errc::unavailable);
}

TEST_F(TlsClientTest, ACutConnectionIsNoEnd) {
  TlsPeer peer(leaf_, {middle_});
  auto client = connect(peer, trusts_root_).value();
  ASSERT_TRUE(client.receive(peer.send("part")));
  const auto cut = client.receive({});
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, Errc::unavailable);
  EXPECT_FALSE(client.ended());
}

TEST_F(TlsClientTest, NamesMustBeThere) {
  EXPECT_FALSE(TlsClient::start(trusts_root_, "", {}));
}

/// A daemon that fetches nothing has no use for some hundred of them.
TEST_F(TlsClientTest, TheSystemsAuthoritiesAreReadAtTheFirstUse) {
  const TlsTrust trust = TlsTrust::system().value();
  const std::string path = testing::TempDir() + "authorities-" + std::to_string(::getpid());
  std::ofstream(path) << root_.pem();
  ::setenv("SSL_CERT_FILE", path.c_str(), 1);
  TlsPeer peer(leaf_, {middle_});
  const std::string first = outcome(connect(peer, trust));
  ::unsetenv("SSL_CERT_FILE");
  std::filesystem::remove(path);
  EXPECT_EQ(first, "connected");
  TlsPeer again(leaf_, {middle_});
  EXPECT_EQ(outcome(connect(again, trust)), "connected") << "and kept";
}

TEST(TlsTrust, TakesPemAlone) {
  EXPECT_TRUE(TlsTrust::system());
  EXPECT_EQ(TlsTrust::system("no certificate").error().code, Errc::invalid_argument);
  EXPECT_EQ(TlsTrust::system("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
                .error()
                .code,
            Errc::invalid_argument);
}

}  // namespace
}  // namespace imdsd::base
