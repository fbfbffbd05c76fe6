// SPDX-License-Identifier: MIT
// Bodies that are read or made while they are on the wire, and bodies that are asked for first.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/server.h"
#include "tests/unit/http/body_service.h"
#include "tests/unit/http/running_server.h"

namespace imdsd::http {
namespace {

using testing::count_body;
using testing::counted_head;
using testing::echo;
using testing::eventually;
using testing::kChunkedHead;
using testing::kGet;
using testing::milliseconds;
using testing::quick_options;
using testing::RawClient;
using testing::Reply;
using testing::RunningServer;
using testing::service_of;
using testing::source_of;
using testing::streaming;

TEST(StreamedBody, IsReadAsItArrives) {
  RunningServer server(streaming(count_body));
  RawClient client = server.connect();
  const std::string part(1'000'000, 'x');
  client.send(counted_head(5 * part.size()));
  for (int i = 0; i < 5; ++i) client.send(part);
  EXPECT_EQ(client.read().body, "5000000");
  EXPECT_EQ(client.exchange(counted_head(0)).body, "0") << "an empty stream is a stream";
  EXPECT_EQ(client.exchange("PUT / HTTP/1.1\r\nHost: a\r\n\r\n").body, "0");
  EXPECT_EQ(client.exchange(kChunkedHead + "0\r\n\r\n").body, "0");
}

TEST(StreamedBody, ThePipelinedRequestBehindItIsNotLost) {
  RunningServer server(streaming(count_body));
  RawClient client = server.connect();
  client.send(kChunkedHead + "3\r\nabc\r\n0\r\n\r\n" + counted_head(2) + "ab" + counted_head(1) +
              "a");
  EXPECT_EQ(client.read().body, "3");
  EXPECT_EQ(client.read().body, "2");
  EXPECT_EQ(client.read().body, "1");
}

TEST(StreamedBody, BeyondItsCapIsAnErrorAndCloses) {
  RunningServer server(streaming(count_body, 10));
  RawClient client = server.connect();
  const Reply reply = client.exchange(kChunkedHead + "a\r\n0123456789\r\n1\r\nx\r\n0\r\n\r\n");
  EXPECT_EQ(reply.body, "too large");
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_EQ(server.exchange(counted_head(11)).status, 413) << "known from the head";
}

TEST(StreamedBody, ThatStopsIsAnError) {
  ServerOptions options = quick_options();
  options.limits.body_timeout = milliseconds{50};
  RunningServer server(streaming(count_body), options);
  EXPECT_EQ(server.exchange(counted_head(10) + "01234").body, "gone");
  RawClient leaving = server.connect();
  leaving.send(counted_head(10) + "01234");
  leaving.half_close();
  EXPECT_EQ(leaving.read().body, "gone");
}

TEST(StreamedBody, LeftUnreadClosesBehindTheAnswer) {
  RunningServer server(streaming([](base::HttpRequest&) {
    base::HttpResponse response;
    response.status = 403;
    return response;
  }));
  RawClient client = server.connect();
  const std::string big(1u << 20, 'x');
  client.send(counted_head(big.size()) + big);
  const Reply reply = client.read();
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.header("connection"), "close");
}

TEST(StreamedBody, CannotBeReadAfterTheHandlerReturned) {
  std::shared_ptr<base::HttpBodyReader> kept;
  RunningServer server(streaming([&](base::HttpRequest& request) {
    kept = request.reader;
    return base::HttpResponse{};
  }));
  ASSERT_EQ(server.exchange(counted_head(3) + "abc").status, 200);
  std::array<char, 8> buffer{};
  EXPECT_FALSE(kept->read(buffer));
}

TEST(StreamedBody, SlowUploadsDelayNoOtherRequest) {
  ServerOptions options = quick_options();
  options.worker_threads = 1;
  options.stream_threads = 2;
  RunningServer server(options);
  const auto uploads = server.bind(streaming(count_body), "127.0.0.1:0");
  const auto calls = server.bind(service_of(echo, Execution::worker_pool), "127.0.0.1:0");
  server.start();
  std::vector<RawClient> slow;
  for (int i = 0; i < 2; ++i) {
    slow.emplace_back(to_kernel(uploads));
    slow.back().send(counted_head(10) + "1");
  }
  EXPECT_EQ(RawClient(to_kernel(calls)).exchange(kGet).status, 200);
  for (RawClient& client : slow) EXPECT_EQ(client.exchange("234567890").body, "10");
}

class Expectation : public ::testing::Test {
 protected:
  static std::string head(std::size_t size) {
    return counted_head(size, "Expect: 100-continue\r\n");
  }
};

TEST_F(Expectation, BufferedBodyIsAskedForOncePlanned) {
  RunningServer server(echo);
  RawClient client = server.connect();
  client.send(head(2));
  EXPECT_EQ(client.read().status, 100);
  EXPECT_EQ(client.exchange("ab").body, "PUT / [ab]");
}

TEST_F(Expectation, ABodyThatIsAlreadyThereIsNotAskedFor) {
  RunningServer server(echo);
  EXPECT_EQ(server.exchange(head(2) + "ab").status, 200);
}

TEST_F(Expectation, NoBodyNoContinue) {
  RunningServer server(echo);
  EXPECT_EQ(server.exchange(head(0)).status, 200);
}

TEST_F(Expectation, ARefusedBodyIsNeverAskedFor) {
  auto service = service_of(echo);
  service->plan = [](const base::HttpRequest& request) {
    BodyPlan plan;
    if (request.headers.has("X-Refuse")) {
      plan.refuse.emplace();
      plan.refuse->status = 403;
    }
    return plan;
  };
  RunningServer server(service);
  EXPECT_EQ(server.exchange(head(5'000)).status, 413);
  RawClient client = server.connect();
  const Reply reply = client.exchange(counted_head(2, "Expect: 100-continue\r\nX-Refuse: 1\r\n"));
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_EQ(server.exchange(counted_head(2, "Expect: tea\r\n")).status, 417);
  RawClient without_body = server.connect();
  const std::string refused = "GET / HTTP/1.1\r\nHost: a\r\nX-Refuse: 1\r\n\r\n";
  EXPECT_EQ(without_body.exchange(refused).status, 403);
  EXPECT_EQ(without_body.exchange(refused).status, 403) << "without a body the connection lives on";
}

TEST_F(Expectation, AStreamIsAskedForWhenTheHandlerReads) {
  RunningServer reads(streaming(count_body));
  RawClient client = reads.connect();
  client.send(head(3));
  EXPECT_EQ(client.read().status, 100);
  EXPECT_EQ(client.exchange("abc").body, "3");
  RunningServer refuses(streaming([](base::HttpRequest&) {
    base::HttpResponse response;
    response.status = 403;
    return response;
  }));
  EXPECT_EQ(refuses.exchange(head(3)).status, 403);
}

base::HttpResponse sourced(const std::string& body) {
  base::HttpResponse response;
  response.source = source_of(body);
  return response;
}

/// More than all buffers on the way hold.
const std::string& big_body() {
  static const std::string body = testing::numbered(16'000'000);
  return body;
}

TEST(Source, SendsItsBodyAndKeepsTheConnection) {
  const std::string body = testing::numbered(3'000'001);
  RunningServer server(
      service_of([&](base::HttpRequest&) { return sourced(body); }, Execution::worker_pool));
  RawClient client = server.connect();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(client.exchange(kGet).body == body);
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read(true).header("content-length"), "3000001");
  EXPECT_EQ(client.exchange(kGet).status, 200);
}

TEST(Source, MayBeEmpty) {
  RunningServer server([](base::HttpRequest&) { return sourced(""); });
  RawClient client = server.connect();
  EXPECT_EQ(client.exchange(kGet).header("content-length"), "0");
  EXPECT_EQ(client.exchange(kGet).status, 200);
}

TEST(Source, ThatFailsBreaksTheConnection) {
  RunningServer server([](base::HttpRequest&) {
    base::HttpResponse response;
    response.source = {big_body().size(), [](std::size_t offset, std::span<char> out) {
                         std::fill(out.begin(), out.end(), 's');
                         return offset < 1'000'000
                                    ? base::Result<void>()
                                    : base::fail(base::Errc::corrupt, "the file is too short");
                       }};
    return response;
  });
  RawClient client = server.connect();
  client.send(kGet);
  const std::string part = client.read_to_end();
  EXPECT_LT(part.size(), big_body().size());
  EXPECT_EQ(client.end_error(), ECONNRESET);
}

/// Clients that have asked for big_body(), and take none of it for now.
std::vector<RawClient> slow_readers(const RunningServer& server, int count) {
  std::vector<RawClient> slow;
  for (int i = 0; i < count; ++i) {
    slow.push_back(server.connect());
    slow.back().send(kGet);
  }
  for (RawClient& client : slow) EXPECT_TRUE(client.readable(testing::kPatience));
  return slow;
}

TEST(Source, SlowReadersHoldNoThread) {
  ServerOptions options = quick_options();
  options.event_threads = options.worker_threads = 1;
  options.stream_threads = options.send_threads = 1;
  options.limits.send_timeout = std::chrono::minutes(5);  // nobody is given up here
  const auto big_or_count = streaming([](base::HttpRequest& request) {
    return request.method == "PUT" ? count_body(request) : sourced(big_body());
  });
  RunningServer server(big_or_count, options);
  std::vector<RawClient> slow = slow_readers(server, 5);
  EXPECT_EQ(server.exchange(counted_head(10) + "1234567890").body, "10");
  EXPECT_TRUE(server.exchange(kGet).body == big_body());
  for (RawClient& client : slow) {
    EXPECT_TRUE(client.read().body == big_body());
    EXPECT_EQ(client.exchange(counted_head(1) + "1").body, "1");
  }
}

TEST(Source, AClientThatTakesNothingIsGivenUp) {
  ServerOptions options = quick_options();
  options.limits.send_timeout = milliseconds{50};
  RunningServer server([](base::HttpRequest&) { return sourced(big_body()); }, options);
  const std::vector<RawClient> slow = slow_readers(server, 1);
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 0; }));
}

TEST(Source, IsForgottenWhenItsClientLeaves) {
  RunningServer server([](base::HttpRequest&) { return sourced(big_body()); });
  slow_readers(server, 3).clear();
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 0; }));
}

TEST(Source, IsBrokenOffAtTheEndOfTheDrain) {
  ServerOptions options = quick_options();
  options.limits.drain_timeout = milliseconds{50};
  RunningServer server([](base::HttpRequest&) { return sourced(big_body()); }, options);
  std::vector<RawClient> slow = slow_readers(server, 1);
  server.stop_and_join();
  EXPECT_LT(slow[0].read_to_end().size(), big_body().size());
}

}  // namespace
}  // namespace imdsd::http
