// SPDX-License-Identifier: MIT
#include "http/server.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/http/running_server.h"

namespace imdsd::http {
namespace {

using testing::echo;
using testing::kGet;
using testing::milliseconds;
using testing::RawClient;
using testing::Reply;
using testing::RunningServer;
using testing::service_of;

class ServerExecution : public ::testing::TestWithParam<Execution> {
 protected:
  RunningServer server_{service_of(echo, GetParam())};
};

INSTANTIATE_TEST_SUITE_P(Server, ServerExecution,
                         ::testing::Values(Execution::event_thread, Execution::worker_pool),
                         [](const auto& test) {
                           return test.param == Execution::event_thread ? "event" : "worker";
                         });

TEST_P(ServerExecution, AnswersManyRequestsOnOneConnection) {
  RawClient client = server_.connect();
  for (int i = 0; i < 100; ++i) {
    const std::string target = "/" + std::to_string(i);
    const Reply reply = client.exchange("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "GET " + target + " []");
    EXPECT_EQ(reply.header("connection"), "keep-alive");
  }
  EXPECT_EQ(server_.server().stats().connections_accepted, 1u);
  EXPECT_EQ(server_.server().stats().requests, 100u);
}

TEST_P(ServerExecution, AnswersPipelinedRequestsInOrder) {
  RawClient client = server_.connect();
  std::string requests;
  for (int i = 0; i < 500; ++i) {
    requests +=
        "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab";
  }
  client.send(requests);
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(client.read().body, "POST /" + std::to_string(i) + " [ab]");
  }
}

TEST_P(ServerExecution, TakesARequestSplitAtEveryByte) {
  const std::string request =
      "POST /a?b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  RawClient client = server_.connect();
  for (std::size_t at = 1; at < request.size(); ++at) {
    client.send(request.substr(0, at));
    client.send(request.substr(at));
    ASSERT_EQ(client.read().body, "POST /a?b [abc]") << at;
  }
  for (const char c : request) client.send({&c, 1});
  EXPECT_EQ(client.read().body, "POST /a?b [abc]");
}

TEST_P(ServerExecution, ATruncatedRequestIsNeverAnswered) {
  const std::string request = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 0; size < request.size(); ++size) {
    RawClient client = server_.connect();
    client.send(request.substr(0, size));
    client.half_close();
    EXPECT_TRUE(client.at_end()) << size;
  }
}

TEST_P(ServerExecution, AnswersAClientThatHalfCloses) {
  RawClient client = server_.connect();
  client.send(kGet);
  client.half_close();
  EXPECT_EQ(client.read().body, "GET / []");
  EXPECT_TRUE(client.at_end());
}

TEST_P(ServerExecution, BodiesInEveryForm) {
  RawClient client = server_.connect();
  const std::string head = "PUT / HTTP/1.1\r\nHost: a\r\n";
  // The documented IMDSv2 command, `curl -X PUT`, sends no Content-Length.
  EXPECT_EQ(client.exchange(head + "\r\n").body, "PUT / []");
  EXPECT_EQ(client.exchange(head + "Content-Length: 0\r\n\r\n").body, "PUT / []");
  EXPECT_EQ(client.exchange(head + "Content-Length: 4\r\n\r\nwxyz").body, "PUT / [wxyz]");
  EXPECT_EQ(client.exchange(head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n").body, "PUT / []");
  EXPECT_EQ(
      client.exchange(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
          .body,
      "PUT / [abc]");
}

struct Target {
  std::string name, method, target;
};

class RawTargets : public ::testing::TestWithParam<Target> {};

TEST_P(RawTargets, ReachTheHandlerAsReceived) {
  RunningServer server(echo);
  const std::string line = GetParam().method + " " + GetParam().target;
  EXPECT_EQ(server.exchange(line + " HTTP/1.1\r\nHost: a\r\n\r\n").body, line + " []");
}

INSTANTIATE_TEST_SUITE_P(
    Server, RawTargets,
    ::testing::Values(Target{"encoded_slash", "GET", "/a%2Fb%2f"}, Target{"double", "GET", "//a//"},
                      Target{"dots", "GET", "/a/../../b/."}, Target{"nul", "GET", "/%00%zz%"},
                      Target{"utf8", "GET", "/\xc3\xa4?\xff"},
                      Target{"query", "GET", "/?a=b?c&&=#x"}, Target{"asterisk", "OPTIONS", "*"},
                      Target{"absolute", "GET", "http://h/p"},
                      Target{"authority", "CONNECT", "h:443"}, Target{"own_method", "PURGE", "/x"},
                      Target{"lower_case", "get", "/x"}, Target{"delete", "DELETE", "/x"},
                      Target{"trace", "TRACE", "/x"}, Target{"patch", "PATCH", "/x"},
                      Target{"long", "GET", "/" + std::string(8191, 'a')}),
    [](const auto& test) { return test.param.name; });

TEST(Server, HandlersSeeTheHeadAsReceived) {
  std::vector<base::HttpHeader> seen;
  RunningServer server([&](base::HttpRequest& request) {
    seen = request.headers.lines();
    return echo(request);
  });
  server.exchange(
      "GET / HTTP/1.1\r\nhOST: a:1\r\nRange: bytes=1-0\r\nAccept-Encoding:  gzip, br \r\nA: 1\r\n"
      "a: %41+b\r\n\r\n");
  ASSERT_EQ(seen.size(), 5u);
  EXPECT_EQ(seen[0].name + "=" + seen[0].value, "hOST=a:1");
  EXPECT_EQ(seen[1].name + "=" + seen[1].value, "Range=bytes=1-0");
  EXPECT_EQ(seen[2].name + "=" + seen[2].value, "Accept-Encoding=gzip, br");
  EXPECT_EQ(seen[4].name + "=" + seen[4].value, "a=%41+b");
}

TEST(Server, RangeAndAcceptEncodingChangeNothing) {
  RunningServer server([](base::HttpRequest&) {
    base::HttpResponse response;
    response.headers.add("Content-Type", "text/plain");
    response.body = std::string(5'000, 'a');
    return response;
  });
  std::string many = "bytes=0-0";
  for (int i = 0; i < 1'900; ++i) many += ",1-";
  RawClient client = server.connect();
  for (const std::string& line : {std::string("Range: bytes=1-0"), std::string("Range: bytes=0-9"),
                                  std::string("Range: what"), "Range: " + many,
                                  std::string("Accept-Encoding: gzip, deflate, br")}) {
    const Reply reply = client.exchange("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, std::string(5'000, 'a'));
    EXPECT_EQ(reply.headers.size(), 4u) << reply.head;
    EXPECT_EQ(reply.header("content-encoding"), "(none)");
  }
}

TEST(Server, HeadHasNoBody) {
  RunningServer server(echo);
  RawClient client = server.connect();
  client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
  const Reply reply = client.read(true);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-length"), "10");
  EXPECT_EQ(reply.header("accept-ranges"), "(none)");
  EXPECT_EQ(client.exchange(kGet).body, "GET / []") << "the connection is in step";
}

TEST(Server, Http10ClosesUnlessAskedToKeep) {
  RunningServer server(echo);
  RawClient once = server.connect();
  const Reply closed = once.exchange("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
  EXPECT_EQ(closed.status, 200);
  EXPECT_EQ(closed.header("connection"), "close");
  EXPECT_TRUE(once.at_end());
  RawClient twice = server.connect();
  const std::string keep = "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n";
  EXPECT_EQ(twice.exchange(keep).header("connection"), "keep-alive");
  EXPECT_EQ(twice.exchange(keep).status, 200);
}

TEST(Server, ConnectionCloseIsHonoured) {
  RunningServer server(echo);
  RawClient client = server.connect();
  EXPECT_EQ(client.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST(Server, BadHeadsAreAnsweredAndTheConnectionCloses) {
  auto service = service_of(echo);
  service->server_header = "EC2ws";
  RunningServer server(service);
  for (const std::string bad :
       {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        "\x16\x03\x01\r\n\r\n"}) {
    RawClient client = server.connect();
    const Reply reply = client.exchange(bad + std::string(kGet));
    EXPECT_EQ(reply.status, 400) << bad;
    EXPECT_EQ(reply.header("server"), "EC2ws");
    EXPECT_EQ(reply.header("connection"), "close");
    client.half_close();
    EXPECT_TRUE(client.at_end()) << "nothing behind a bad head is answered";
  }
  EXPECT_EQ(server.server().stats().bad_requests, 5u);
}

TEST(Server, BigAnswersReachSlowReadersWhole) {
  const std::string big(20u << 20, 'b');
  RunningServer server([&](base::HttpRequest&) {
    base::HttpResponse response;
    response.body = big;
    return response;
  });
  RawClient slow = server.connect();
  slow.send(kGet);
  ASSERT_TRUE(slow.readable(testing::kPatience));  // and does not read on
  RawClient other = server.connect();
  EXPECT_EQ(other.exchange(kGet).body.size(), big.size());
  EXPECT_EQ(slow.read().body, big);
}

TEST(Server, TellsPeerAndLocalAddress) {
  base::HttpPeer peer;
  std::optional<base::SocketAddress> local;
  RunningServer server(testing::quick_options());
  const auto bound = server.bind(service_of([&](base::HttpRequest& request) {
                                   peer = request.peer;
                                   local = request.local;
                                   return echo(request);
                                 }),
                                 "0.0.0.0:0");
  server.start();
  const base::SocketAddress target{base::IpAddress::from_v4({127, 0, 0, 2}), bound.port};
  RawClient client(to_kernel(target));
  client.exchange(kGet);
  ASSERT_TRUE(peer.address.has_value());
  EXPECT_TRUE(peer.address->ip.is_loopback());
  EXPECT_NE(peer.address->port, 0);
  EXPECT_EQ(local, target) << "not the wildcard";
}

TEST(Server, DateFollowsTheGivenClock) {
  struct Fixed final : base::Clock {
    base::SystemTime now() const override {
      return std::chrono::sys_days(std::chrono::year(2001) / 2 / 3);
    }
    base::SteadyTime monotonic() const override { return {}; }
    void sleep_until(base::SteadyTime, std::stop_token) override {}
    void wake() override {}
  } const clock;
  ServerOptions options = testing::quick_options();
  options.clock = &clock;
  RunningServer server(echo, options);
  EXPECT_EQ(server.exchange(kGet).header("date"), "Sat, 03 Feb 2001 00:00:00 GMT");
}

}  // namespace
}  // namespace imdsd::http
