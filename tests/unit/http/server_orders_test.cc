// SPDX-License-Identifier: MIT
// What a handler orders for one answer.
#include <cerrno>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

#include "http/server.h"
#include "tests/unit/http/body_service.h"
#include "tests/unit/http/running_server.h"

namespace imdsd::http {
namespace {

using testing::eventually;
using testing::kGet;
using testing::milliseconds;
using testing::quick_options;
using testing::RawClient;
using testing::Reply;
using testing::RunningServer;

/// PUT is answered with `orders`, everything else without.
testing::Handler with_orders(const base::HttpOrders& orders) {
  return [orders](base::HttpRequest& request) {
    base::HttpResponse response = testing::echo(request);
    if (request.method == "PUT") response.orders = orders;
    return response;
  };
}

const std::string kPut = "PUT / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string name_of(Execution execution) {
  return execution == Execution::event_thread ? "event_thread" : "worker_pool";
}

/// Whoever runs the handler, and sends what needs no order.
class Orders : public ::testing::TestWithParam<Execution> {
 protected:
  static std::shared_ptr<Service> service(testing::Handler handler) {
    return testing::service_of(std::move(handler), GetParam());
  }
};

INSTANTIATE_TEST_SUITE_P(On, Orders,
                         ::testing::Values(Execution::event_thread, Execution::worker_pool),
                         [](const auto& test) { return name_of(test.param); });

TEST_P(Orders, DelayHoldsTheAnswerBackAndNobodyElse) {
  base::HttpOrders orders;
  orders.delay = milliseconds{300};
  ServerOptions options = quick_options();
  options.event_threads = 1;
  RunningServer server(service(with_orders(orders)), options);
  RawClient delayed = server.connect();
  const auto start = std::chrono::steady_clock::now();
  delayed.send(kPut);
  EXPECT_EQ(server.exchange(kGet).status, 200);
  EXPECT_FALSE(delayed.readable(milliseconds{0})) << "the other answer came first";
  EXPECT_EQ(delayed.read().status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - start, orders.delay);
  EXPECT_EQ(delayed.exchange(kGet).status, 200) << "the connection lives on";
}

TEST_P(Orders, DelayOfAClientThatLeavesIsForgotten) {
  base::HttpOrders orders;
  orders.delay = std::chrono::hours{1};
  RunningServer server(service(with_orders(orders)));
  RawClient client = server.connect();
  client.send(kPut);
  EXPECT_TRUE(eventually([&] { return server.server().stats().requests == 1; }));
  const ::linger abort{1, 0};
  ::setsockopt(client.fd(), SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
  client.close();
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 0; }));
}

TEST_P(Orders, TruncateSendsSoManyBytesOfTheBodyAndCloses) {
  base::HttpOrders orders;
  orders.truncate_after = 3;
  RunningServer server(service(with_orders(orders)));
  RawClient client = server.connect();
  client.send(kPut);
  const Reply reply = client.read();
  EXPECT_EQ(reply.header("content-length"), "8") << "the whole length is promised";
  EXPECT_EQ(reply.body, "PUT");
  EXPECT_TRUE(client.at_end());
}

TEST_P(Orders, TruncateAppliesToSourcesToo) {
  RunningServer server(service([](base::HttpRequest&) {
    base::HttpResponse response;
    response.source = testing::source_of("0123456789");
    response.orders.truncate_after = 6;
    return response;
  }));
  RawClient client = server.connect();
  const Reply reply = client.exchange(kGet);
  EXPECT_EQ(reply.header("content-length"), "10");
  EXPECT_EQ(reply.body, "012345");
}

TEST_P(Orders, ResetIsAReset) {
  base::HttpOrders orders;
  orders.reset = true;
  RunningServer server(service(with_orders(orders)));
  RawClient client = server.connect();
  client.send(kPut);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(client.end_error(), ECONNRESET);
}

TEST_P(Orders, CloseEndsTheConnectionBehindTheAnswer) {
  base::HttpOrders orders;
  orders.close = true;
  RunningServer server(service(with_orders(orders)));
  RawClient client = server.connect();
  EXPECT_EQ(client.exchange(kPut).header("connection"), "close");
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(client.end_error(), 0);
}

TEST_P(Orders, HangNeverAnswersAndEndsWithTheIdleLimit) {
  base::HttpOrders orders;
  orders.hang = true;
  ServerOptions options = quick_options();
  options.limits.idle_timeout = milliseconds{200};
  RunningServer server(service(with_orders(orders)), options);
  RawClient client = server.connect();
  client.send(kPut + std::string(kGet));
  EXPECT_TRUE(client.at_end());
}

TEST_P(Orders, HangEndsWhenThePeerLeaves) {
  base::HttpOrders orders;
  orders.hang = true;
  RunningServer server(service(with_orders(orders)));
  RawClient client = server.connect();
  client.send(kPut);
  EXPECT_TRUE(eventually([&] { return server.server().stats().requests == 1; }));
  client.close();
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 0; }));
}

/// A client whose kernel drops packets that come with fewer hops left than it asks for: it stands
/// as many routers away.
class FarClient : public ::testing::TestWithParam<std::tuple<bool, Execution>> {
 protected:
  static constexpr int kLimit = 2;

  FarClient() : server_(options()) {
    base::HttpOrders orders;
    orders.hop_limit = kLimit;
    address_ = server_.bind(testing::service_of(with_orders(orders), std::get<1>(GetParam())),
                            v6() ? "[::1]:0" : "127.0.0.1:0");
    server_.start();
  }
  static bool v6() { return std::get<0>(GetParam()); }
  static ServerOptions options() {
    ServerOptions options = quick_options();
    options.limits.send_timeout = milliseconds{300};
    return options;
  }
  RawClient connect() const { return RawClient(to_kernel(address_)); }
  static void require_hops(const RawClient& client, int hops) {
    const int level = v6() ? IPPROTO_IPV6 : IPPROTO_IP;
    const int option = v6() ? IPV6_MINHOPCOUNT : IP_MINTTL;
    ASSERT_EQ(::setsockopt(client.fd(), level, option, &hops, sizeof hops), 0);
  }

  RunningServer server_;
  base::SocketAddress address_;
};

INSTANTIATE_TEST_SUITE_P(HopLimit, FarClient,
                         ::testing::Combine(::testing::Bool(),
                                            ::testing::Values(Execution::event_thread,
                                                              Execution::worker_pool)),
                         [](const auto& test) {
                           return (std::get<0>(test.param) ? "ipv6_" : "ipv4_") +
                                  name_of(std::get<1>(test.param));
                         });

TEST_P(FarClient, GetsOrdinaryAnswersOnly) {
  RawClient client = connect();
  require_hops(client, kLimit + 1);
  EXPECT_EQ(client.exchange(kGet).status, 200);
  client.send(kPut);
  EXPECT_FALSE(client.readable(milliseconds{500})) << "retransmissions included";
}

TEST_P(FarClient, GetsTheLimitedAnswerWhenNearEnough) {
  RawClient client = connect();
  require_hops(client, kLimit);
  EXPECT_EQ(client.exchange(kPut).status, 200);
}

TEST_P(FarClient, TheLimitIsLiftedForTheNextAnswer) {
  RawClient client = connect();
  ASSERT_EQ(client.exchange(kPut).status, 200);
  require_hops(client, kLimit + 1);
  EXPECT_EQ(client.exchange(kGet).status, 200);
  client.send(kPut);
  EXPECT_FALSE(client.readable(milliseconds{100}));
}

TEST_P(FarClient, APipelinedRequestDoesNotLiftTheLimitOfAnUnacknowledgedAnswer) {
  RawClient client = connect();
  require_hops(client, kLimit + 1);
  client.send(kPut + std::string(kGet));
  // The server waits for the acknowledgement that cannot come, then gives the connection up.
  EXPECT_TRUE(eventually([&] { return server_.server().stats().connections_open == 0; }));
  EXPECT_FALSE(client.readable(milliseconds{500}));
}

TEST_P(FarClient, APipelinedRequestIsAnsweredOnceTheLimitedAnswerArrived) {
  RawClient client = connect();
  client.send(kPut + std::string(kGet));
  EXPECT_EQ(client.read().body, "PUT / []");
  EXPECT_EQ(client.read().body, "GET / []");
}

}  // namespace
}  // namespace imdsd::http
