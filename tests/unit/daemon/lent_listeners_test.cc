// SPDX-License-Identifier: MIT
// Listeners that a process lends, as `imdsctl exec --netns` does: served while it is there.
#include "daemon/lent_listeners.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/task_group.h"
#include "http/client.h"
#include "http/sockaddr.h"
#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

using base::FileDescriptor;

struct Opened {
  Opened() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto wanted = http::to_kernel(base::SocketAddress::parse("127.0.0.1:0").value());
    EXPECT_EQ(::bind(fd.get(), wanted.get(), wanted.size), 0);
    EXPECT_EQ(::listen(fd.get(), 8), 0);
    http::KernelAddress bound;
    EXPECT_EQ(::getsockname(fd.get(), bound.get(), &bound.size), 0);
    address = http::from_kernel(bound).value();
  }
  FileDescriptor fd;
  base::SocketAddress address;
};

/// What the port answers; "refused" where nobody listens.
std::string get(const base::SocketAddress& address) {
  base::HttpClient::Request request;
  request.method = "GET";
  request.target = "/";
  request.headers.add("Host", "localhost");
  const auto response = http::make_client(address)->send(request);
  return response ? response->body : "refused";
}

class LentListenersTest : public testing::Test {
 protected:
  void start(AdminAccess access = AdminAccess(::geteuid(), std::nullopt)) {
    auto lent = LentListeners::open(path_, access, server_,
                                    [](const std::string& service, const std::string& instance) {
                                      return offer(service, instance);
                                    });
    ASSERT_TRUE(lent) << lent.error().message;
    lent_ = *std::move(lent);
    Opened own;
    http::Listener listener = offer("imds", "").value();
    ASSERT_TRUE(server_.adopt(std::move(own.fd), listener));
    threads_.spawn("server", [this](std::stop_token stop) { server_.run(std::move(stop)); });
    threads_.spawn("lent", [this](const std::stop_token& stop) { lent_->run(stop); });
  }

  static base::Result<http::Listener> offer(const std::string& service,
                                            const std::string& instance) {
    if (service != "imds" && service != "aws") {
      return base::fail(base::Errc::not_found, "there is no service `" + service + "` here");
    }
    auto made = std::make_shared<http::Service>();
    made->name = service;
    made->handle = [service, instance](base::HttpRequest&) {
      base::HttpResponse response;
      response.body = service + " of " + instance;
      return response;
    };
    http::Listener listener;
    listener.service = std::move(made);
    return listener;
  }

  [[nodiscard]] FileDescriptor connect() const {
    FileDescriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    auto address = http::to_kernel(path_).value();
    EXPECT_EQ(::connect(fd.get(), address.get(), address.size), 0) << std::strerror(errno);
    return fd;
  }

  static void send(const FileDescriptor& connection, std::string text,
                   const std::vector<int>& descriptors) {
    iovec piece{text.data(), text.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    std::vector<char> control(CMSG_SPACE(sizeof(int) * descriptors.size()));
    if (!descriptors.empty()) {
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      cmsghdr* const part = CMSG_FIRSTHDR(&message);
      part->cmsg_level = SOL_SOCKET;
      part->cmsg_type = SCM_RIGHTS;
      part->cmsg_len = CMSG_LEN(sizeof(int) * descriptors.size());
      std::memcpy(CMSG_DATA(part), descriptors.data(), sizeof(int) * descriptors.size());
    }
    ASSERT_EQ(::sendmsg(connection.get(), &message, MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  /// The reply's line; empty at the end of the connection.
  static std::string receive(const FileDescriptor& connection) {
    pollfd entry{connection.get(), POLLIN, 0};
    if (::poll(&entry, 1, 10'000) <= 0) return "nothing came";
    std::string text(4096, '\0');
    const auto size = ::recv(connection.get(), text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }

  static bool eventually_refused(const base::SocketAddress& address) {
    for (int i = 0; i < 5'000; ++i) {
      if (get(address) == "refused") return true;
      ::poll(nullptr, 0, 1);
    }
    return false;
  }

  const TempDir temp_;
  const std::string path_ = temp_ / "admin.fds";
  http::Server server_{http::ServerOptions()};
  std::unique_ptr<LentListeners> lent_;
  base::TaskGroup threads_;  // last: stops and joins before the rest goes
};

TEST_F(LentListenersTest, AreServedUntilTheLenderGoes) {
  start();
  Opened metadata, api;
  auto lender = connect();
  send(lender,
       R"({"instance":"web","services":["imds","aws"]})"
       "\n",
       {metadata.fd.get(), api.fd.get()});
  EXPECT_EQ(receive(lender), R"({"listen":[")" + metadata.address.to_string() + R"(",")" +
                                 api.address.to_string() +
                                 R"("]})"
                                 "\n");
  metadata.fd.reset();
  api.fd.reset();
  EXPECT_EQ(get(metadata.address), "imds of web");
  EXPECT_EQ(get(api.address), "aws of web");
  lender.reset();
  EXPECT_TRUE(eventually_refused(metadata.address));
  EXPECT_TRUE(eventually_refused(api.address));
}

TEST_F(LentListenersTest, OfSeveralLendersEachGoWithTheirs) {
  start();
  Opened first, second;
  auto one = connect(), two = connect();
  send(one,
       R"({"instance":"a","services":["imds"]})"
       "\n",
       {first.fd.get()});
  send(two,
       R"({"instance":"b","services":["imds"]})"
       "\n",
       {second.fd.get()});
  receive(one);
  receive(two);
  first.fd.reset();
  second.fd.reset();
  one.reset();
  EXPECT_TRUE(eventually_refused(first.address));
  EXPECT_EQ(get(second.address), "imds of b");
}

TEST_F(LentListenersTest, ARequestMayComeInPieces) {
  start();
  Opened metadata;
  auto lender = connect();
  send(lender, R"({"services":)", {metadata.fd.get()});
  send(lender,
       R"(["imds"]})"
       "\n",
       {});
  EXPECT_NE(receive(lender).find("listen"), std::string::npos);
  metadata.fd.reset();
  EXPECT_EQ(get(metadata.address), "imds of ");
}

TEST_F(LentListenersTest, WhatIsWrongIsToldAndNothingIsServed) {
  start();
  struct Case {
    std::string text;
    bool with_descriptor;
    std::string words;
  };
  const Case cases[] = {
      {R"({"services":["imds","aws"]})", true, "2 services, but 1 descriptors came along"},
      {R"({"services":["imds"]})", false, "1 services, but 0 descriptors came along"},
      {R"({"services":["ftp"]})", true, "there is no service `ftp` here"},
      {R"({"services":[]})", true, "`services` names none"},
      {R"({"services":"imds"})", true, "unknown or unreadable member `services`"},
      {R"({"service":["imds"]})", true, "unknown or unreadable member `service`"},
      {"hello", true, "not a JSON object"},
      {std::string(5000, ' '), true, "too long"},
  };
  for (const auto& each : cases) {
    Opened metadata;
    auto lender = connect();
    send(lender, each.text + "\n",
         each.with_descriptor ? std::vector<int>{metadata.fd.get()} : std::vector<int>{});
    const auto reply = receive(lender);
    EXPECT_NE(reply.find("error"), std::string::npos) << each.text;
    EXPECT_NE(reply.find(each.words), std::string::npos) << reply;
    metadata.fd.reset();
    EXPECT_TRUE(eventually_refused(metadata.address)) << each.text;
  }
}

TEST_F(LentListenersTest, AFileIsNoListener) {
  start();
  auto lender = connect();
  send(lender,
       R"({"services":["imds"]})"
       "\n",
       {lender.get()});
  EXPECT_NE(receive(lender).find("not a stream socket that listens"), std::string::npos);
}

TEST_F(LentListenersTest, WhoMayNotUseTheAdminSocketMayNotLend) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may always";
  start(AdminAccess(::geteuid() + 1, std::nullopt));
  EXPECT_NE(receive(connect()).find("neither root nor the daemon's user"), std::string::npos);
}

TEST_F(LentListenersTest, TheEndOfTheDaemonIsSeenByTheLender) {
  start();
  Opened metadata;
  auto lender = connect();
  send(lender,
       R"({"services":["imds"]})"
       "\n",
       {metadata.fd.get()});
  receive(lender);
  threads_.stop();
  threads_.join();
  EXPECT_EQ(receive(lender), "");
}

TEST(LentListenersPath, IsBesideTheAdminSocket) {
  EXPECT_EQ(lent_listeners_path("/run/imdsd/admin.sock"), "/run/imdsd/admin.fds");
  EXPECT_EQ(lent_listeners_path("control"), "control.fds");
}

}  // namespace
}  // namespace imdsd::daemon
