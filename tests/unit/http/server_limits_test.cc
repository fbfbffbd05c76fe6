// SPDX-License-Identifier: MIT
// What bounds a client, and what a client that goes beyond sees.
#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <vector>

#include <gtest/gtest.h>

#include "http/server.h"
#include "tests/unit/http/running_server.h"

namespace imdsd::http {
namespace {

using testing::echo;
using testing::eventually;
using testing::kGet;
using testing::milliseconds;
using testing::quick_options;
using testing::RawClient;
using testing::Reply;
using testing::RunningServer;
using testing::service_of;

std::shared_ptr<Service> service_with_cap(std::size_t max_bytes) {
  auto service = service_of(echo);
  service->plan = [max_bytes](const base::HttpRequest&) {
    BodyPlan plan;
    plan.max_bytes = max_bytes;
    return plan;
  };
  return service;
}

std::string post(std::size_t size, const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
         body;
}

TEST(ServerLimits, HeadSizesHaveTheirStatuses) {
  ServerOptions options = quick_options();
  options.limits.max_line_bytes = 8192;
  RunningServer server(echo, options);
  const std::string big(9'000, 'a');
  EXPECT_EQ(server.exchange("GET /" + big).status, 414);
  EXPECT_EQ(server.exchange("GET / HTTP/1.1\r\nHost: a\r\nA: " + big).status, 431);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 5; ++i) many += "A: " + std::string(4'000, 'a') + "\r\n";
  EXPECT_EQ(server.exchange(many).status, 431);
}

TEST(ServerLimits, BodyCapsAreExact) {
  RunningServer server(service_with_cap(5));
  RawClient client = server.connect();
  EXPECT_EQ(client.exchange(post(5, "12345")).status, 200);
  const Reply reply = client.exchange(post(6, ""));
  EXPECT_EQ(reply.status, 413) << "told by the head alone";
  EXPECT_EQ(reply.header("connection"), "close");
  client.half_close();
  EXPECT_TRUE(client.at_end());
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(server.exchange(chunked + "5\r\n12345\r\n0\r\n\r\n").status, 200);
  EXPECT_EQ(server.exchange(chunked + "3\r\n123\r\n3\r\n456\r\n").status, 413);
}

TEST(ServerLimits, AClientThatIsStillSendingGetsIts413AndNoReset) {
  RunningServer server(service_with_cap(5));
  RawClient client = server.connect();
  const std::string big(1u << 20, 'x');
  EXPECT_TRUE(client.send(post(big.size(), big)));
  EXPECT_EQ(client.read().status, 413);
  client.half_close();
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(client.end_error(), 0);
}

TEST(ServerLimits, BrokenChunkingIs400) {
  RunningServer server(echo);
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(server.exchange(head + "zz\r\n").status, 400);
  EXPECT_EQ(server.exchange(head + "1\r\nab\r\n").status, 400);
}

TEST(ServerLimits, BuffersOfAllRequestsTogetherAreBounded) {
  ServerOptions options = quick_options();
  options.limits.max_buffered_body_bytes = 1'000;
  options.event_threads = 1;  // a head and what came behind it are one step
  RunningServer server(service_with_cap(4'096), options);
  std::vector<RawClient> holders;
  for (int i = 0; i < 2; ++i) {
    holders.push_back(server.connect());
    holders.back().send(post(501, std::string(500, 'a')));
  }
  // The budget is taken as bytes arrive. A byte of another that comes between the two would have
  // one of them refused: their heads first, then ask until both bodies are there.
  EXPECT_TRUE(eventually([&] { return server.server().stats().requests == 2; }));
  EXPECT_TRUE(eventually([&] { return server.exchange(post(1, "b")).status == 503; }));
  const Reply refused = server.exchange(post(1, "b"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("connection"), "close");
  EXPECT_EQ(server.exchange(kGet).status, 200) << "no body, no budget";
  holders[0].close();
  EXPECT_TRUE(eventually([&] { return server.exchange(post(1, "b")).status == 200; }))
      << "a connection that ends gives its share back";
  EXPECT_EQ(holders[1].exchange("a").status, 200);
  EXPECT_EQ(server.exchange(post(900, std::string(900, 'a'))).status, 200)
      << "an answered request gives its share back";
}

TEST(ServerLimits, AnAnswerThatIsNotTakenHoldsNoBody) {
  ServerOptions options = quick_options();
  options.limits.max_buffered_body_bytes = 1'000;
  RunningServer server(
      [](base::HttpRequest& request) {
        base::HttpResponse response;
        if (request.body.size() == 900) response.body.assign(32U << 20, 'b');
        return response;
      },
      options);
  RawClient slow = server.connect();
  slow.send(post(900, std::string(900, 'a')));
  ASSERT_TRUE(slow.readable(testing::kPatience));
  EXPECT_EQ(server.exchange(post(800, std::string(800, 'a'))).status, 200);
}

TEST(ServerLimits, AnUnfinishedHeadIsAnswered408) {
  ServerOptions options = quick_options();
  options.limits.head_timeout = milliseconds{50};
  RunningServer server(echo, options);
  RawClient client = server.connect();
  EXPECT_EQ(client.exchange("GET / HT").status, 408);
  client.half_close();
  EXPECT_TRUE(client.at_end());
}

TEST(ServerLimits, TheHeadTimeoutCountsFromTheFirstByte) {
  ServerOptions options = quick_options();
  options.limits.head_timeout = milliseconds{200};
  RunningServer server(echo, options);
  RawClient client = server.connect();
  client.send("GET / HTTP/1.1\r\n");
  // A header line every now and then does not keep a head alive.
  int lines = 0;
  while (!client.readable(milliseconds{20}) && lines < 1'000) {
    client.send("A: b\r\n");
    ++lines;
  }
  EXPECT_EQ(client.read().status, 408);
  EXPECT_LT(lines, 100);
}

TEST(ServerLimits, AnUnfinishedBodyIsAnswered408) {
  ServerOptions options = quick_options();
  options.limits.body_timeout = milliseconds{50};
  RunningServer server(echo, options);
  EXPECT_EQ(server.exchange(post(5, "123")).status, 408);
}

TEST(ServerLimits, ABodyThatDripsIsAnswered408AllTheSame) {
  ServerOptions options = quick_options();
  options.limits.body_timeout = milliseconds{100};
  RunningServer server(echo, options);
  RawClient client = server.connect();
  client.send(post(4'000, ""));
  int pieces = 0;
  // A byte far more often than the limit; without a bound on the whole, for ever.
  while (!client.readable(milliseconds{5}) && pieces < 10'000) {
    client.send("x");
    ++pieces;
  }
  EXPECT_EQ(client.read().status, 408);
  EXPECT_LT(pieces, 1'000);
}

TEST(ServerLimits, IdleConnectionsEndInSilence) {
  ServerOptions options = quick_options();
  options.limits.idle_timeout = milliseconds{50};
  RunningServer server(echo, options);
  EXPECT_TRUE(server.connect().at_end()) << "before the first request";
  RawClient used = server.connect();
  EXPECT_EQ(used.exchange(kGet).status, 200);
  EXPECT_TRUE(used.at_end()) << "between requests";
}

TEST(ServerLimits, AClientThatTakesNothingIsGivenUp) {
  ServerOptions options = quick_options();
  options.limits.send_timeout = milliseconds{50};
  RunningServer server(
      [](base::HttpRequest&) {
        base::HttpResponse response;
        response.body = std::string(32u << 20, 'b');
        return response;
      },
      options);
  RawClient client = server.connect();
  client.send(kGet);
  EXPECT_TRUE(eventually([&] { return server.server().stats().requests == 1; }));
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 0; }));
}

TEST(ServerLimits, BeyondTheConnectionCapIsAnswered503AndRecovers) {
  ServerOptions options = quick_options();
  options.limits.max_connections = 3;
  auto service = service_of(echo);
  service->server_header = "EC2ws";
  RunningServer server(service, options);
  std::vector<RawClient> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(server.connect());
    ASSERT_EQ(held.back().exchange(kGet).status, 200);
  }
  RawClient refused = server.connect();
  const Reply reply = refused.read();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_EQ(reply.header("server"), "EC2ws");
  EXPECT_TRUE(refused.at_end());
  EXPECT_EQ(server.server().stats().connections_refused, 1u);
  EXPECT_EQ(held[0].exchange(kGet).status, 200) << "those that are in stay in";
  held.pop_back();
  EXPECT_TRUE(eventually([&] { return server.exchange(kGet).status == 200; }));
}

#ifndef __SANITIZE_ADDRESS__
// Not with UBSan, which opens pipes to check the types of objects, and calls every object bad
// without them.

/// Uses up every descriptor below the soft limit until it is destroyed.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int highest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    rlimit tight = before_;
    tight.rlim_cur = static_cast<rlim_t>(highest) + 1;
    held_.emplace_back(highest);
    ::setrlimit(RLIMIT_NOFILE, &tight);
    while (true) {
      base::FileDescriptor fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      if (!fd) break;
      held_.push_back(std::move(fd));
    }
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
  std::vector<base::FileDescriptor> held_;
};

TEST(ServerLimits, WithoutDescriptorsAConnectionIsAnswered503AndAcceptRecovers) {
  // A second event thread may take the descriptor that the first gives up, and serve the client.
  ServerOptions options = quick_options();
  options.event_threads = 1;
  RunningServer server(echo, options);
  RawClient held = server.connect();
  ASSERT_EQ(held.exchange(kGet).status, 200);
  RawClient first(AF_INET), second(AF_INET), third(AF_INET);
  {
    const NoDescriptors none;
    for (RawClient* client : {&first, &second}) {
      ASSERT_TRUE(client->connect(to_kernel(server.address())));
      const Reply reply = client->read();
      EXPECT_EQ(reply.status, 503);
      EXPECT_EQ(reply.header("connection"), "close");
      EXPECT_TRUE(client->at_end());
    }
    EXPECT_EQ(held.exchange(kGet).status, 200);
  }
  ASSERT_TRUE(third.connect(to_kernel(server.address())));
  EXPECT_EQ(third.exchange(kGet).status, 200);
}
#endif  // __SANITIZE_ADDRESS__

TEST(ServerLimits, RaisesTheSoftLimitOfOpenFiles) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit low{256, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &low);
  const Server server(quick_options());
  rlimit after{};
  ::getrlimit(RLIMIT_NOFILE, &after);
  EXPECT_EQ(after.rlim_cur, after.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST(ServerLimits, HundredsOfIdleConnectionsDelayNobody) {
  RunningServer server(echo);
  std::vector<RawClient> idle;
  for (int i = 0; i < 400; ++i) {
    idle.push_back(server.connect());
    if (i % 2 == 0) idle.back().send("GET / HTTP/1.1\r\nHos");
  }
  EXPECT_EQ(server.exchange(kGet).status, 200);
  for (std::size_t i = 0; i < idle.size(); i += 2) {
    EXPECT_EQ(idle[i].exchange("t: a\r\n\r\n").status, 200);
  }
}

}  // namespace
}  // namespace imdsd::http
