// SPDX-License-Identifier: MIT
// Listeners that others have opened: taken before the server runs and while it does, and given up.
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <gtest/gtest.h>

#include "http/server.h"
#include "tests/unit/http/running_server.h"

namespace imdsd::http {
namespace {

using testing::echo;
using testing::eventually;
using testing::kGet;
using testing::quick_options;
using testing::RawClient;
using testing::RunningServer;
using testing::service_of;

/// A socket that listens on a free port of `ip`, and its address.
struct Opened {
  explicit Opened(const std::string& ip = "127.0.0.1", bool dual_stack = false) {
    KernelAddress wanted = to_kernel(base::SocketAddress{base::IpAddress::parse(ip).value(), 0});
    fd = base::FileDescriptor(::socket(wanted.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int v6_only = dual_stack ? 0 : 1;
    if (wanted.family() == AF_INET6) {
      ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only);
    }
    EXPECT_EQ(::bind(fd.get(), wanted.get(), wanted.size), 0);
    EXPECT_EQ(::listen(fd.get(), 16), 0);
    EXPECT_EQ(::getsockname(fd.get(), bound.get(), &bound.size), 0);
  }
  base::FileDescriptor fd;
  KernelAddress bound;
};

Listener serving(std::shared_ptr<const Service> service, bool shared = false) {
  Listener listener;
  listener.service = std::move(service);
  listener.shared = shared;
  return listener;
}

/// The port of `opened` at another address of this machine.
KernelAddress at(const std::string& ip, const Opened& opened) {
  return to_kernel(
      base::SocketAddress{base::IpAddress::parse(ip).value(), from_kernel(opened.bound)->port});
}

bool refused(const KernelAddress& address) {
  RawClient client(address.storage.ss_family);
  return !client.connect(address) && errno == ECONNREFUSED;
}

TEST(Adopting, ServesWhatWasOpenedByOthers) {
  Opened opened;
  RunningServer server(quick_options());
  const auto adopted = server.server().adopt(std::move(opened.fd), serving(service_of(echo)));
  ASSERT_TRUE(adopted) << adopted.error().message;
  EXPECT_EQ(adopted->address, from_kernel(opened.bound));
  RawClient early(opened.bound);
  early.send(kGet);
  EXPECT_FALSE(early.readable(testing::milliseconds{50})) << "nothing is served before run()";
  server.start();
  EXPECT_EQ(early.read().status, 200);
  EXPECT_EQ(RawClient(opened.bound).exchange(kGet).status, 200);
}

TEST(Adopting, WhileTheServerRuns) {
  Opened opened("::1");
  RunningServer server(echo);
  const auto adopted = server.server().adopt(std::move(opened.fd), serving(service_of(echo)));
  ASSERT_TRUE(adopted);
  EXPECT_EQ(RawClient(opened.bound).exchange(kGet).status, 200);
  EXPECT_EQ(server.exchange(kGet).status, 200) << "what was bound is served as before";
}

TEST(Adopting, AWildcardOfBothFamiliesTellsIpv4AsIpv4AndLimitsItsHops) {
  std::optional<base::SocketAddress> local;
  base::HttpPeer peer;
  const auto service = service_of([&](base::HttpRequest& request) {
    local = request.local;
    peer = request.peer;
    auto response = echo(request);
    response.orders.hop_limit = 3;
    return response;
  });
  Opened opened("::", true);
  RunningServer server(echo);
  ASSERT_TRUE(server.server().adopt(std::move(opened.fd), serving(service)));
  ASSERT_EQ(RawClient(at("127.0.0.1", opened)).exchange(kGet).status, 200)
      << "an answer whose hop limit cannot be set is not sent";
  EXPECT_EQ(local->ip.to_string(), "127.0.0.1");
  EXPECT_EQ(peer.address->ip.to_string(), "127.0.0.1");
  ASSERT_EQ(RawClient(at("::1", opened)).exchange(kGet).status, 200);
  EXPECT_EQ(local->ip.to_string(), "::1");
}

TEST(Adopting, OnlySocketsThatListen) {
  RunningServer server(echo);
  base::FileDescriptor not_listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  base::FileDescriptor datagram(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  base::FileDescriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  for (auto* fd : {&not_listening, &datagram, &file}) {
    const auto adopted = server.server().adopt(std::move(*fd), serving(service_of(echo)));
    ASSERT_FALSE(adopted);
    EXPECT_EQ(adopted.error().code, base::Errc::invalid_argument);
  }
  Opened opened;
  Listener with_a_place = serving(service_of(echo));
  with_a_place.address = server.address();
  EXPECT_FALSE(server.server().adopt(std::move(opened.fd), with_a_place));
}

TEST(Dropping, RefusesAndBreaksOffWhatCameInThere) {
  Opened opened, kept;
  RunningServer server(echo);
  const auto adopted = server.server().adopt(std::move(opened.fd), serving(service_of(echo)));
  ASSERT_TRUE(adopted);
  ASSERT_TRUE(server.server().adopt(std::move(kept.fd), serving(service_of(echo))));
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(opened.bound);
    ASSERT_EQ(clients.back().exchange(kGet).status, 200);
  }
  RawClient neighbour(kept.bound), own = server.connect();
  ASSERT_EQ(neighbour.exchange(kGet).status, 200);
  ASSERT_EQ(own.exchange(kGet).status, 200);
  server.server().drop(adopted->id);
  for (auto& client : clients) EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(refused(opened.bound));
  EXPECT_EQ(neighbour.exchange(kGet).status, 200);
  EXPECT_EQ(own.exchange(kGet).status, 200);
  server.server().drop(adopted->id);  // nothing
  EXPECT_EQ(RawClient(kept.bound).exchange(kGet).status, 200);
}

TEST(Dropping, ARequestThatAWorkerHasEndsWithoutAnswer) {
  std::atomic<bool> entered = false, leave = false;
  const auto service = service_of(
      [&](base::HttpRequest& request) {
        entered = true;
        while (!leave) ::poll(nullptr, 0, 1);
        return echo(request);
      },
      Execution::worker_pool);
  Opened opened;
  RunningServer server(echo);
  const auto adopted = server.server().adopt(std::move(opened.fd), serving(service));
  ASSERT_TRUE(adopted);
  RawClient client(opened.bound);
  client.send(kGet);
  ASSERT_TRUE(eventually([&] { return entered.load(); }));
  server.server().drop(adopted->id);
  leave = true;
  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 0; }));
}

TEST(Dropping, UnderClientsThatComeAndGo) {
  RunningServer server(echo);
  std::atomic<bool> done = false;
  std::atomic<int> answered = 0;
  base::TaskGroup clients;
  std::mutex mutex;
  KernelAddress current = to_kernel(server.address());
  for (int i = 0; i < 4; ++i) {
    clients.spawn("client", [&](std::stop_token) {
      while (!done) {
        KernelAddress address;
        {
          const std::lock_guard lock(mutex);
          address = current;
        }
        RawClient client(address.family());
        if (client.connect(address) && client.exchange(kGet).status == 200) ++answered;
      }
    });
  }
  for (int i = 0; i < 200; ++i) {
    Opened opened;
    const auto adopted = server.server().adopt(std::move(opened.fd), serving(service_of(echo)));
    ASSERT_TRUE(adopted);
    {
      const std::lock_guard lock(mutex);
      current = opened.bound;
    }
    const int before = answered;
    EXPECT_TRUE(eventually([&] { return answered > before; }));
    server.server().drop(adopted->id);
  }
  done = true;
  clients.join();
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 0; }));
}

TEST(Stopping, LeavesASharedListenerToTheOthers) {
  Opened opened;
  const base::FileDescriptor other(::fcntl(opened.fd.get(), F_DUPFD_CLOEXEC, 0));
  const auto run_once = [&] {
    RunningServer server(quick_options());
    base::FileDescriptor mine(::fcntl(other.get(), F_DUPFD_CLOEXEC, 0));
    ASSERT_TRUE(server.server().adopt(std::move(mine), serving(service_of(echo), true)));
    server.start();
    EXPECT_EQ(RawClient(opened.bound).exchange(kGet).status, 200);
    server.stop_and_join();
  };
  opened.fd.reset();
  run_once();
  RawClient between(opened.bound);  // waits for the next server
  between.send(kGet);
  RunningServer next(quick_options());
  base::FileDescriptor mine(::fcntl(other.get(), F_DUPFD_CLOEXEC, 0));
  ASSERT_TRUE(next.server().adopt(std::move(mine), serving(service_of(echo), true)));
  next.start();
  EXPECT_EQ(between.read().status, 200);
}

TEST(Stopping, ClosesTheOthersAndTakesNoMore) {
  Opened opened, late;
  RunningServer server(echo);
  ASSERT_TRUE(server.server().adopt(std::move(opened.fd), serving(service_of(echo))));
  ASSERT_EQ(RawClient(opened.bound).exchange(kGet).status, 200);
  server.stop_and_join();
  EXPECT_TRUE(refused(opened.bound));
  const auto adopted = server.server().adopt(std::move(late.fd), serving(service_of(echo)));
  ASSERT_FALSE(adopted);
  EXPECT_EQ(adopted.error().code, base::Errc::unavailable);
}

}  // namespace
}  // namespace imdsd::http
