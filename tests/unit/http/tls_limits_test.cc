// SPDX-License-Identifier: MIT
// TLS ports and clients that are slow, wrong or many.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/server.h"
#include "tests/unit/http/tls_client.h"

namespace imdsd::http {
namespace {

using testing::echo;
using testing::eventually;
using testing::kGet;
using testing::milliseconds;
using testing::quick_options;
using testing::RawClient;
using testing::Reply;
using testing::SelfSigned;
using testing::service_of;
using testing::TlsClient;
using testing::TlsServer;

/// The first flight of a client, as bytes.
std::string client_hello() {
  const testing::OpenSsl<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
  const testing::OpenSsl<SSL> ssl(SSL_new(context.get()));
  BIO* const out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), out);
  SSL_set_connect_state(ssl.get());
  SSL_do_handshake(ssl.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  return {data, static_cast<std::size_t>(size)};
}

TEST(TlsContext, WantsACertificateAndItsKey) {
  const SelfSigned mine("a"), other("b");
  const auto of = [](const std::string& chain, const base::Secret& key) {
    const auto context = base::TlsContext::for_server(chain, key);
    return context ? std::string("usable") : context.error().message;
  };
  EXPECT_EQ(of(mine.certificate, mine.key), "usable");
  EXPECT_EQ(of(mine.certificate + other.certificate, mine.key), "usable") << "a chain";
  EXPECT_TRUE(
      of(mine.certificate, other.key).starts_with("the private key is not the certificate"));
  EXPECT_TRUE(of("", mine.key).starts_with("certificate: ")) << of("", mine.key);
  EXPECT_TRUE(of(mine.certificate, base::Secret("")).starts_with("private key: "));
  for (std::size_t size = 0; size + 30 < mine.certificate.size(); ++size) {
    EXPECT_NE(of(mine.certificate.substr(0, size), mine.key), "usable") << size;
  }
}

TEST(TlsLimits, PlainHttpIsToldWhatThePortTakes) {
  TlsServer server(echo);
  RawClient client = server.connect_plain();
  const Reply reply = client.exchange(kGet);
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body, "this port takes HTTPS: use https:// in the endpoint's URL\n");
  client.half_close();
  EXPECT_TRUE(client.at_end());
}

TEST(TlsLimits, WhatIsNeitherIsClosed) {
  TlsServer server(echo);
  for (const std::string_view bytes : {"\x80\x2e\x01\x03\x01", "ssh", "\r\n", "\x17\x03\x03"}) {
    RawClient client = server.connect_plain();
    client.send(bytes);
    EXPECT_TRUE(client.at_end()) << bytes;
  }
}

TEST(TlsLimits, AHandshakeThatDoesNotComeToItsEndIsClosed) {
  ServerOptions options = quick_options();
  options.limits.handshake_timeout = milliseconds{50};
  TlsServer server(echo, options);
  const std::string hello = client_hello();
  for (const std::string& bytes :
       {std::string(), hello.substr(0, 1), hello.substr(0, 100), hello}) {
    RawClient client = server.connect_plain();
    client.send(bytes);
    client.read_to_end();  // returns when the server closes
  }
  EXPECT_TRUE(eventually([&] { return server.running().server().stats().connections_open == 0; }));
}

TEST(TlsLimits, SlowHandshakesDelayNobody) {
  ServerOptions options = quick_options();
  options.event_threads = 1;
  TlsServer server(echo, options);
  const std::string hello = client_hello();
  std::vector<RawClient> slow;
  for (std::size_t i = 0; i < 50; ++i) {
    slow.push_back(server.connect_plain());
    slow.back().send(hello.substr(0, 2 * i));
  }
  EXPECT_EQ(server.exchange(kGet).status, 200);
}

TEST(TlsLimits, TruncatedAndFlippedHandshakesEndAndHarmNobody) {
  TlsServer server(echo);
  const std::string hello = client_hello();
  for (std::size_t size = 1; size < hello.size(); ++size) {
    RawClient client = server.connect_plain();
    client.send(std::string_view(hello).substr(0, size));
    client.half_close();
    client.read_to_end();
  }
  for (std::size_t i = 0; i < hello.size(); ++i) {
    std::string flipped = hello;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x55);
    RawClient client = server.connect_plain();
    client.send(flipped);
    client.half_close();
    client.read_to_end();
  }
  EXPECT_EQ(server.exchange(kGet).status, 200);
  EXPECT_TRUE(eventually([&] { return server.running().server().stats().connections_open == 0; }));
}

TEST(TlsLimits, ABrokenRecordEndsItsConnection) {
  TlsServer server(echo);
  TlsClient client = server.connect();
  ASSERT_EQ(client.exchange(kGet).status, 200);
  const std::string_view record("\x17\x03\x03\x00\x20 0123456789012345678901234567890", 37);
  ASSERT_EQ(::send(client.fd(), record.data(), record.size(), MSG_NOSIGNAL), 37);
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(server.exchange(kGet).status, 200);
}

TEST(TlsLimits, KeyUpdatesWithoutEndHoldUpNobody) {
  ServerOptions options = quick_options();
  options.event_threads = 1;
  TlsServer server(echo, options);
  TlsClient client = server.connect({.min_version = TLS1_3_VERSION});
  ASSERT_TRUE(client.handshake());
  for (int i = 0; i < 20'000; ++i) {
    SSL_key_update(client.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED);
    ASSERT_EQ(SSL_do_handshake(client.ssl()), 1) << i;
  }
  EXPECT_EQ(server.exchange(kGet).status, 200);
  EXPECT_EQ(client.exchange(kGet).status, 200);
  SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED);
  EXPECT_EQ(client.exchange(kGet).status, 200);
}

TEST(TlsLimits, ManyIdleConnectionsAreServedWhenTheyAsk) {
  TlsServer server(echo);
  std::vector<TlsClient> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(server.connect());
    ASSERT_TRUE(clients.back().handshake()) << i;
  }
  for (TlsClient& client : clients) ASSERT_EQ(client.exchange(kGet).status, 200);
  for (TlsClient& client : clients) ASSERT_EQ(client.exchange(kGet).status, 200);
}

TEST(TlsLimits, IdleConnectionsAndUnfinishedHeadsHaveTheirTimes) {
  ServerOptions options = quick_options();
  options.limits.idle_timeout = milliseconds{50};
  options.limits.head_timeout = milliseconds{50};
  TlsServer server(echo, options);
  TlsClient idle = server.connect();
  ASSERT_TRUE(idle.handshake());
  EXPECT_TRUE(idle.at_end());
  EXPECT_TRUE(idle.was_told_the_end());
  EXPECT_EQ(server.exchange("GET / HT").status, 408);
}

TEST(TlsLimits, BeyondTheLastPlaceNobodyIsAnswered) {
  ServerOptions options = quick_options();
  options.limits.max_connections = 1;
  TlsServer server(echo, options);
  TlsClient first = server.connect();
  ASSERT_EQ(first.exchange(kGet).status, 200);
  EXPECT_TRUE(server.connect_plain().at_end());
  EXPECT_EQ(server.running().server().stats().connections_refused, 1u);
  first.close();
  EXPECT_TRUE(eventually([&] {
    TlsClient next = server.connect();
    return next.handshake() && next.exchange(kGet).status == 200;
  }));
}

TEST(TlsLimits, StoppingDoesNotWaitForHandshakesOrIdleConnections) {
  ServerOptions options = quick_options();
  options.limits.drain_timeout = std::chrono::minutes{5};
  TlsServer server(echo, options);
  TlsClient idle = server.connect();
  ASSERT_EQ(idle.exchange(kGet).status, 200);
  RawClient half = server.connect_plain();
  half.send(client_hello().substr(0, 50));
  server.running().stop_and_join();
  EXPECT_TRUE(idle.at_end());
}

}  // namespace
}  // namespace imdsd::http
