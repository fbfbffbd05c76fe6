// SPDX-License-Identifier: MIT
// Ports under TLS: what a client gets, and that it gets the same as on a plain port.
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "http/server.h"
#include "tests/unit/http/body_service.h"
#include "tests/unit/http/tls_client.h"

namespace imdsd::http {
namespace {

using testing::count_body;
using testing::counted_head;
using testing::echo;
using testing::kChunkedHead;
using testing::kGet;
using testing::milliseconds;
using testing::quick_options;
using testing::RawClient;
using testing::Reply;
using testing::RunningServer;
using testing::SelfSigned;
using testing::service_of;
using testing::streaming;
using testing::TlsClient;
using testing::TlsServer;

base::HttpResponse tell_secure(base::HttpRequest& request) {
  base::HttpResponse response;
  response.body = request.secure ? "secure " + std::string(request.tls_version) : "plain";
  return response;
}

class TlsVersion : public ::testing::TestWithParam<int> {};

TEST_P(TlsVersion, IsServedAndTheHandlerKnows) {
  TlsServer server(tell_secure);
  TlsClient client = server.connect({.min_version = GetParam(), .max_version = GetParam()});
  const std::string told = GetParam() == TLS1_2_VERSION ? "secure 1.2" : "secure 1.3";
  EXPECT_EQ(client.exchange(kGet).body, told);
  EXPECT_EQ(SSL_version(client.ssl()), GetParam());
  EXPECT_EQ(client.exchange(kGet).body, told) << "the connection lives on";
}

INSTANTIATE_TEST_SUITE_P(Tls, TlsVersion, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION));

TEST(Tls, EarlierVersionsAreRefused) {
  TlsServer server(echo);
  TlsClient old = server.connect({.min_version = TLS1_VERSION, .max_version = TLS1_1_VERSION});
  EXPECT_FALSE(old.handshake());
  EXPECT_EQ(server.exchange(kGet).status, 200);
}

TEST(Tls, PlainAndTlsPortsStandSideBySide) {
  RunningServer server(quick_options());
  const auto service = service_of(tell_secure);
  const auto cell = std::make_shared<TlsCell>(SelfSigned("a").context());
  const auto plain = server.bind(service, "127.0.0.1:0");
  const auto tls = server.bind(service, "127.0.0.1:0", cell);
  server.start();
  EXPECT_EQ(RawClient(to_kernel(plain)).exchange(kGet).body, "plain");
  EXPECT_EQ(TlsClient(tls).exchange(kGet).body, "secure 1.3");
}

TEST(Tls, PipelinedRequestsAreAnsweredInOrder) {
  TlsServer server(echo);
  TlsClient client = server.connect();
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }
  client.send(requests);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.read().body, "GET /" + std::to_string(i) + " []");
}

TEST(Tls, TheProtocolIsHttp11OrNone) {
  TlsServer server(echo);
  TlsClient both = server.connect({.protocols = std::string("\x02h2\x08http/1.1")});
  ASSERT_TRUE(both.handshake());
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(both.ssl(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "http/1.1");
  EXPECT_FALSE(server.connect({.protocols = std::string("\x02h2")}).handshake());
}

TEST(Tls, ANewCertificateIsForNewConnections) {
  TlsServer server(echo);
  TlsClient before = server.connect();
  ASSERT_EQ(before.exchange(kGet).status, 200);
  server.use(SelfSigned("second"));
  TlsClient after = server.connect();
  ASSERT_EQ(after.exchange(kGet).status, 200);
  EXPECT_EQ(before.server_name(), "first");
  EXPECT_EQ(after.server_name(), "second");
  EXPECT_EQ(before.exchange(kGet).status, 200);
}

TEST(Tls, TheEndIsSaid) {
  TlsServer server(echo);
  TlsClient client = server.connect();
  EXPECT_EQ(client.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").status, 200);
  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(client.was_told_the_end());
}

TEST(Tls, ARequestThatIsCutShortIsNotServed) {
  std::atomic<int> served = 0;
  TlsServer server([&](base::HttpRequest& request) {
    ++served;
    return echo(request);
  });
  TlsClient client = server.connect();
  client.send(counted_head(10) + "01234");
  client.half_close();  // the socket, without TLS's own word
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(served, 0);
}

TEST(TlsBody, BufferedOnesOfAllSizesArrive) {
  auto service = service_of(count_body, Execution::worker_pool);
  service->handle = [](base::HttpRequest& request) {
    base::HttpResponse response;
    response.body = std::to_string(request.body.size());
    return response;
  };
  service->plan = [](const base::HttpRequest&) {
    BodyPlan plan;
    plan.max_bytes = 8u << 20;
    return plan;
  };
  TlsServer server(service);
  TlsClient client = server.connect();
  for (const std::size_t size : {1u, 16'383u, 16'384u, 16'385u, 65'536u, 5'000'000u}) {
    EXPECT_EQ(client.exchange(counted_head(size) + std::string(size, 'x')).body,
              std::to_string(size));
  }
}

TEST(TlsBody, StreamedOnesArriveAndNothingBehindThemIsLost) {
  TlsServer server(streaming(count_body));
  TlsClient client = server.connect();
  const std::string part(1'000'000, 'x');
  client.send(counted_head(3 * part.size()));
  for (int i = 0; i < 3; ++i) client.send(part);
  EXPECT_EQ(client.read().body, "3000000");
  client.send(kChunkedHead + "3\r\nabc\r\n0\r\n\r\n" + counted_head(2) + "ab" + counted_head(1) +
              "a");
  EXPECT_EQ(client.read().body, "3");
  EXPECT_EQ(client.read().body, "2");
  EXPECT_EQ(client.read().body, "1");
}

TEST(TlsBody, AnUnreadOneClosesBehindTheAnswer) {
  TlsServer server(streaming([](base::HttpRequest&) {
    base::HttpResponse response;
    response.status = 403;
    return response;
  }));
  TlsClient client = server.connect();
  const std::string big(1u << 20, 'x');
  client.send(counted_head(big.size()) + big);
  EXPECT_EQ(client.read().status, 403);
  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(client.was_told_the_end());
}

TEST(TlsBody, IsAskedForWhenTheClientWaits) {
  const std::string head = counted_head(3, "Expect: 100-continue\r\n");
  TlsServer buffers(echo);
  TlsClient first = buffers.connect();
  first.send(head);
  EXPECT_EQ(first.read().status, 100);
  EXPECT_EQ(first.exchange("abc").body, "PUT / [abc]");
  TlsServer streams(streaming(count_body));
  TlsClient second = streams.connect();
  second.send(head);
  EXPECT_EQ(second.read().status, 100);
  EXPECT_EQ(second.exchange("abc").body, "3");
}

/// 30 MB, more than all buffers on the way hold.
constexpr std::size_t kBig = 30'000'000;

base::HttpResponse big_answer(bool from_source) {
  base::HttpResponse response;
  if (from_source) {
    response.source = testing::source_of(testing::numbered(kBig));
  } else {
    response.body = testing::numbered(kBig);
  }
  return response;
}

class TlsAnswer : public ::testing::TestWithParam<bool> {};

TEST_P(TlsAnswer, ThatIsTakenSlowlyIsWholeAndDelaysNobody) {
  ServerOptions options = quick_options();
  options.event_threads = 1;
  options.worker_threads = 1;
  TlsServer server(service_of(
                       [from_source = GetParam()](base::HttpRequest& request) {
                         return request.method == "PUT" ? big_answer(from_source) : echo(request);
                       },
                       Execution::worker_pool),
                   options);
  TlsClient slow = server.connect();
  slow.send("PUT / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(slow.readable(testing::kPatience));
  EXPECT_EQ(server.exchange(kGet).status, 200);
  EXPECT_TRUE(slow.read().body == testing::numbered(kBig));
  EXPECT_EQ(slow.exchange(kGet).status, 200);
}

INSTANTIATE_TEST_SUITE_P(Tls, TlsAnswer, ::testing::Bool());

TEST(TlsAnswer, ThatEndsTheConnectionHasTheLastWord) {
  TlsServer server([](base::HttpRequest&) {
    base::HttpResponse response;
    response.source = testing::source_of("some");
    response.orders.close = true;
    return response;
  });
  TlsClient client = server.connect();
  EXPECT_EQ(client.exchange(kGet).body, "some");
  client.read_to_end();
  EXPECT_TRUE(client.was_told_the_end());
}

TEST(TlsAnswer, ThatIsBrokenOffIsNotTakenForTheWhole) {
  TlsServer server([](base::HttpRequest&) {
    base::HttpResponse response;
    response.source = {4, [](std::size_t, std::span<char>) -> base::Result<void> {
                         return base::fail(base::Errc::corrupt, "the file is too short");
                       }};
    return response;
  });
  TlsClient client = server.connect();
  client.exchange(kGet);
  EXPECT_FALSE(client.was_told_the_end());
}

}  // namespace
}  // namespace imdsd::http
