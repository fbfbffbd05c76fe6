// SPDX-License-Identifier: MIT
// Who waits for whom: workers, and the end of the server.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/server.h"
#include "tests/unit/http/body_service.h"
#include "tests/unit/http/running_server.h"
#include "tests/unit/http/tls_client.h"

namespace imdsd::http {
namespace {

using testing::count_body;
using testing::counted_head;
using testing::echo;
using testing::eventually;
using testing::kGet;
using testing::milliseconds;
using testing::quick_options;
using testing::RawClient;
using testing::Reply;
using testing::RunningServer;
using testing::service_of;
using testing::streaming;

/// Holds handlers until it is opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void wait_for(int handlers) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= handlers; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

testing::Handler gated(Gate& gate) {
  return [&gate](base::HttpRequest& request) {
    gate.pass();
    return echo(request);
  };
}

TEST(Workers, ABlockedHandlerDelaysNoEventThreadService) {
  Gate gate;
  ServerOptions options = quick_options();
  options.worker_threads = 2;
  RunningServer server(options);
  const auto slow = server.bind(service_of(gated(gate), Execution::worker_pool), "127.0.0.1:0");
  const auto quick = server.bind(service_of(echo), "127.0.0.1:0");
  server.start();
  std::vector<RawClient> blocked;
  for (int i = 0; i < 20; ++i) {
    blocked.emplace_back(to_kernel(slow));
    blocked.back().send(kGet);
  }
  gate.wait_for(2);
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(RawClient(to_kernel(quick)).exchange(kGet).status, 200);
  }
  EXPECT_FALSE(blocked[0].readable(milliseconds{0}));
  gate.open();
  for (RawClient& client : blocked) EXPECT_EQ(client.read().status, 200);
}

TEST(Workers, AHandlerThatMayWaitDelaysNoOther) {
  Gate gate;
  auto service = std::make_shared<Service>();
  service->name = "aws";
  service->execution = Execution::worker_pool;
  service->execution_of = [](const base::HttpRequest& request) {
    return request.target == "/disk" || request.body == "disk" ? Execution::waiting_pool
                                                               : Execution::worker_pool;
  };
  service->handle = [&gate, service = service.get()](base::HttpRequest& request) {
    if (service->execution_of(request) == Execution::waiting_pool) gate.pass();
    return echo(request);
  };
  ServerOptions options = quick_options();
  options.worker_threads = 1;
  options.waiting_threads = 2;
  RunningServer server(service, options);
  std::vector<RawClient> waiting;
  for (int i = 0; i < 5; ++i) {
    waiting.push_back(server.connect());
    waiting.back().send(i % 2 == 0 ? "GET /disk HTTP/1.1\r\nHost: a\r\n\r\n"
                                   : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\ndisk");
  }
  gate.wait_for(2);
  for (int i = 0; i < 50; ++i) ASSERT_EQ(server.exchange(kGet).status, 200);
  EXPECT_FALSE(waiting[0].readable(milliseconds{0}));
  gate.open();
  for (RawClient& client : waiting) EXPECT_EQ(client.read().status, 200);
}

TEST(Workers, AnAnswerWaitsForNoEventThread) {
  Gate work, event;
  ServerOptions options = quick_options();
  options.event_threads = 1;
  RunningServer server(options);
  const auto worker = server.bind(service_of(gated(work), Execution::worker_pool), "127.0.0.1:0");
  const auto stuck = server.bind(service_of(gated(event)), "127.0.0.1:0");
  server.start();
  RawClient client{to_kernel(worker)};
  client.send(kGet);
  work.wait_for(1);
  RawClient other{to_kernel(stuck)};
  other.send(kGet);
  event.wait_for(1);
  work.open();
  EXPECT_EQ(client.read().status, 200);
  EXPECT_FALSE(other.readable(milliseconds{0}));
  event.open();
  EXPECT_EQ(other.read().status, 200);
  EXPECT_EQ(client.exchange(kGet).status, 200);  // the connection goes on
}

TEST(Workers, ALargeAnswerArrivesWhole) {
  const std::string body = testing::numbered(8'000'000);
  const auto large = [&body](base::HttpRequest&) {
    base::HttpResponse response;
    response.body = body;
    return response;
  };
  const auto cell = std::make_shared<TlsCell>(testing::SelfSigned("a").context());
  RunningServer server(quick_options());
  const auto service = service_of(large, Execution::worker_pool);
  const auto plain = server.bind(service, "127.0.0.1:0");
  const auto tls = server.bind(service, "127.0.0.1:0", cell);
  server.start();
  RawClient client{to_kernel(plain)};
  testing::TlsClient secure(tls);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(client.exchange(kGet).body == body);
    EXPECT_TRUE(secure.exchange(kGet).body == body);
  }
}

TEST(Workers, AFullQueueIsAnswered503) {
  Gate gate;
  ServerOptions options = quick_options();
  options.worker_threads = 1;
  options.worker_queue = 1;
  RunningServer server(service_of(gated(gate), Execution::worker_pool), options);
  RawClient running = server.connect();
  running.send(kGet);
  gate.wait_for(1);
  RawClient queued = server.connect();
  queued.send(kGet);
  EXPECT_TRUE(eventually([&] { return server.server().stats().requests == 2; }));
  const Reply refused = server.exchange(kGet);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("connection"), "close");
  gate.open();
  EXPECT_EQ(running.read().status, 200);
  EXPECT_EQ(queued.read().status, 200);
}

TEST(Workers, AClientThatLeavesWhileItsHandlerRunsIsForgotten) {
  Gate gate;
  RunningServer server(service_of(gated(gate), Execution::worker_pool));
  RawClient client = server.connect();
  client.send(kGet);
  gate.wait_for(1);
  client.close();
  gate.open();
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 0; }));
}

TEST(Drain, RequestsInProgressEndAndIdleConnectionsClose) {
  Gate gate;
  RunningServer server(service_of(gated(gate), Execution::worker_pool));
  RawClient idle = server.connect();
  RawClient half = server.connect();
  half.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na");
  RawClient busy = server.connect();
  busy.send(kGet);
  gate.wait_for(1);
  EXPECT_TRUE(eventually([&] { return server.server().stats().requests == 2; }));
  server.server().stop();
  EXPECT_TRUE(idle.at_end());
  gate.open();
  EXPECT_EQ(busy.read().status, 200);
  EXPECT_TRUE(busy.at_end());
  const Reply last = half.exchange("b");
  EXPECT_EQ(last.body, "POST / [ab]");
  EXPECT_TRUE(half.at_end());
  server.stop_and_join();
}

TEST(Drain, ConnectionsThatWaitToBeAcceptedAreServedAndClosedInOrder) {
  RunningServer server(quick_options());
  const base::SocketAddress address = server.bind(service_of(echo), "127.0.0.1:0");
  RawClient idle(to_kernel(address));
  RawClient asking(to_kernel(address));
  asking.send(kGet);
  server.server().stop();
  server.start();
  EXPECT_EQ(asking.read().status, 200);
  EXPECT_TRUE(asking.at_end());
  EXPECT_TRUE(idle.at_end());
  EXPECT_EQ(idle.end_error(), 0);
  server.stop_and_join();
}

TEST(Drain, NewConnectionsAreRefused) {
  RunningServer server(echo);
  RawClient client(AF_INET);
  server.stop_and_join();
  EXPECT_FALSE(client.connect(to_kernel(server.address())));
}

TEST(Drain, EndsAtItsTimeoutWhateverClientsDo) {
  ServerOptions options = quick_options();
  options.limits.drain_timeout = milliseconds{50};
  RunningServer server(streaming([](base::HttpRequest& request) {
                         return request.method == "PUT" ? count_body(request)
                                                        : base::HttpResponse{};
                       }),
                       options);
  RawClient head = server.connect();
  head.send("GET /");
  RawClient upload = server.connect();
  upload.send(counted_head(10) + "1");
  EXPECT_TRUE(eventually([&] { return server.server().stats().requests == 1; }));
  server.stop_and_join();
  EXPECT_EQ(head.read().status, 0);
}

TEST(Drain, StopBeforeRunReturnsAtOnce) {
  RunningServer server(quick_options());
  server.bind(service_of(echo), "127.0.0.1:0");
  server.server().stop();
  server.start();
  server.stop_and_join();
}

TEST(Drain, AServerWithoutListenersRunsUntilStopped) {
  RunningServer server(quick_options());
  server.start();
  server.stop_and_join();
}

TEST(Watchdog, HearsAStuckEventThread) {
  Gate gate;
  ServerOptions options = quick_options();
  options.event_threads = 1;
  RunningServer server(gated(gate), options);
  EXPECT_TRUE(eventually([&] { return server.server().responds(); }));
  RawClient client = server.connect();
  client.send(kGet);
  gate.wait_for(1);
  (void)server.server().responds();  // whatever was asked before the thread was stuck
  EXPECT_FALSE(server.server().responds());
  EXPECT_FALSE(server.server().responds());
  EXPECT_FALSE(server.server().responds_within(milliseconds(20)));
  gate.open();
  EXPECT_TRUE(eventually([&] { return server.server().responds(); }));
  EXPECT_TRUE(server.server().responds_within(testing::kPatience));
}

}  // namespace
}  // namespace imdsd::http
