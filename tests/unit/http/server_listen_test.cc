// SPDX-License-Identifier: MIT
// IPv4, IPv6 and Unix sockets.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "http/client.h"
#include "http/server.h"
#include "tests/unit/http/running_server.h"

namespace imdsd::http {
namespace {

using testing::echo;
using testing::kGet;
using testing::quick_options;
using testing::RawClient;
using testing::RunningServer;
using testing::service_of;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = ::testing::TempDir() + "/http-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

Listener unix_listener(const std::string& path, std::shared_ptr<const Service> service,
                       unsigned mode = 0600) {
  Listener listener;
  listener.unix_path = UnixSocketPath{path, mode, std::nullopt};
  listener.service = std::move(service);
  return listener;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

TEST(Listening, TellsThePortThatTheSystemChose) {
  RunningServer server(quick_options());
  const auto first = server.bind(service_of(echo), "127.0.0.1:0");
  const auto second = server.bind(service_of(echo), "127.0.0.1:0");
  EXPECT_NE(first.port, 0);
  EXPECT_NE(first.port, second.port);
  EXPECT_EQ(first.ip.to_string(), "127.0.0.1");
  server.start();
  EXPECT_EQ(RawClient(to_kernel(first)).exchange(kGet).status, 200);
  EXPECT_EQ(RawClient(to_kernel(second)).exchange(kGet).status, 200);
}

TEST(Listening, NothingIsServedBeforeRun) {
  RunningServer server(quick_options());
  const auto address = server.bind(service_of(echo), "127.0.0.1:0");
  RawClient early(to_kernel(address));
  early.send(kGet);
  EXPECT_FALSE(early.readable(testing::milliseconds{50}));
  server.start();
  EXPECT_EQ(early.read().status, 200) << "but the connection waited";
}

TEST(Listening, ServicesStayApart) {
  const auto named = [](const std::string& name) {
    return service_of([name](base::HttpRequest&) {
      base::HttpResponse response;
      response.body = name;
      return response;
    });
  };
  RunningServer server(quick_options());
  const auto one = server.bind(named("one"), "127.0.0.1:0");
  const auto two = server.bind(named("two"), "[::1]:0");
  server.start();
  EXPECT_EQ(RawClient(to_kernel(one)).exchange(kGet).body, "one");
  EXPECT_EQ(RawClient(to_kernel(two)).exchange(kGet).body, "two");
}

TEST(Listening, Ipv6TellsPeerAndLocal) {
  base::HttpPeer peer;
  std::optional<base::SocketAddress> local;
  RunningServer server(quick_options());
  const auto address = server.bind(service_of([&](base::HttpRequest& request) {
                                     peer = request.peer;
                                     local = request.local;
                                     return echo(request);
                                   }),
                                   "[::1]:0");
  server.start();
  ASSERT_EQ(RawClient(to_kernel(address)).exchange(kGet).status, 200);
  EXPECT_EQ(peer.address.value().ip.to_string(), "::1");
  EXPECT_EQ(local, address);
  EXPECT_FALSE(peer.unix_credentials.has_value());
}

TEST(Listening, WildcardsOfBothFamiliesStandOnOnePort) {
  RunningServer server(quick_options());
  const auto v4 = server.bind(service_of(echo), "0.0.0.0:0");
  const auto v6 = server.bind(service_of(echo), "[::]:" + std::to_string(v4.port));
  EXPECT_EQ(v4.port, v6.port);
}

TEST(Listening, APortInUseIsAnErrorThatNamesIt) {
  RunningServer server(echo);
  Server other(quick_options());
  Listener listener;
  listener.address = server.address();
  listener.service = service_of(echo);
  const auto bound = other.bind(listener);
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, base::Errc::unavailable);
  EXPECT_NE(bound.error().message.find(server.address().to_string()), std::string::npos);
}

TEST(Listening, AListenerNeedsExactlyOnePlace) {
  Server server(quick_options());
  Listener listener;
  listener.service = service_of(echo);
  EXPECT_FALSE(server.bind(listener));
  listener.address = base::SocketAddress::parse("127.0.0.1:0").value();
  listener.unix_path = UnixSocketPath{"x", 0600, std::nullopt};
  EXPECT_FALSE(server.bind(listener));
}

TEST(UnixListening, TellsThePeersCredentials) {
  const TemporaryFolder folder;
  const std::string path = folder.file("s");
  base::HttpPeer peer;
  RunningServer server(quick_options());
  ASSERT_TRUE(server.server().bind(unix_listener(path, service_of([&](base::HttpRequest& request) {
                                                   peer = request.peer;
                                                   return echo(request);
                                                 }))));
  server.start();
  RawClient client(to_kernel(path).value());
  EXPECT_EQ(client.exchange(kGet).status, 200);
  ASSERT_TRUE(peer.unix_credentials.has_value());
  EXPECT_FALSE(peer.address.has_value());
  EXPECT_EQ(peer.unix_credentials->pid, static_cast<unsigned>(::getpid()));
  EXPECT_EQ(peer.unix_credentials->uid, ::getuid());
  EXPECT_EQ(peer.unix_credentials->gid, ::getgid());
}

TEST(UnixListening, TheFileHasItsModeAndGoesWithTheServer) {
  const TemporaryFolder folder;
  const std::string path = folder.file("s");
  {
    RunningServer server(quick_options());
    ASSERT_TRUE(server.server().bind(unix_listener(path, service_of(echo), 0660)));
    EXPECT_EQ(mode_of(path), mode_t{0660});
    server.start();
    server.stop_and_join();
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  Server never_run(quick_options());
  ASSERT_TRUE(never_run.bind(unix_listener(path, service_of(echo))));
  EXPECT_EQ(mode_of(path), mode_t{0600});
}

TEST(UnixListening, AStaleSocketIsReplaced) {
  const TemporaryFolder folder;
  const std::string path = folder.file("s");
  {
    const base::FileDescriptor dead(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    KernelAddress address = to_kernel(path).value();
    ASSERT_EQ(::bind(dead.get(), address.get(), address.size), 0);
  }
  ASSERT_TRUE(std::filesystem::exists(path));
  Server server(quick_options());
  EXPECT_TRUE(server.bind(unix_listener(path, service_of(echo))));
}

TEST(UnixListening, ASocketThatAnswersIsLeftAlone) {
  const TemporaryFolder folder;
  const std::string path = folder.file("s");
  RunningServer server(quick_options());
  ASSERT_TRUE(server.server().bind(unix_listener(path, service_of(echo))));
  server.start();
  {
    Server other(quick_options());
    const auto bound = other.bind(unix_listener(path, service_of(echo)));
    ASSERT_FALSE(bound);
    EXPECT_NE(bound.error().message.find("in use"), std::string::npos) << bound.error().message;
  }
  EXPECT_EQ(RawClient(to_kernel(path).value()).exchange(kGet).status, 200);
}

TEST(UnixListening, AFileThatIsNoSocketIsLeftAlone) {
  const TemporaryFolder folder;
  const std::string path = folder.file("s");
  std::ofstream(path) << "precious";
  Server server(quick_options());
  EXPECT_FALSE(server.bind(unix_listener(path, service_of(echo))));
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST(UnixListening, PathsThatTheKernelDoesNotTakeAreErrors) {
  Server server(quick_options());
  EXPECT_FALSE(server.bind(unix_listener("", service_of(echo))));
  const auto bound = server.bind(unix_listener("/tmp/" + std::string(200, 'a'), service_of(echo)));
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, base::Errc::invalid_argument);
}

}  // namespace
}  // namespace imdsd::http
