// SPDX-License-Identifier: MIT
#include "daemon/peer_process.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/file_descriptor.h"
#include "http/sockaddr.h"

namespace imdsd::daemon {
namespace {

/// A connection on loopback; both ends are this process's.
struct Pair {
  base::FileDescriptor client, server;

  explicit Pair(const char* address) {
    auto kernel = http::to_kernel(base::SocketAddress::parse(address).value());
    const base::FileDescriptor listener(::socket(kernel.family(), SOCK_STREAM, 0));
    EXPECT_EQ(::bind(listener.get(), kernel.get(), kernel.size), 0);
    EXPECT_EQ(::listen(listener.get(), 1), 0);
    EXPECT_EQ(::getsockname(listener.get(), kernel.get(), &kernel.size), 0);
    client = base::FileDescriptor(::socket(kernel.family(), SOCK_STREAM, 0));
    EXPECT_EQ(::connect(client.get(), kernel.get(), kernel.size), 0);
    server = base::FileDescriptor(::accept(listener.get(), nullptr, nullptr));
  }
  [[nodiscard]] base::SocketAddress peer() const {
    http::KernelAddress out;
    EXPECT_EQ(::getpeername(server.get(), out.get(), &out.size), 0);
    return http::from_kernel(out).value();
  }
  [[nodiscard]] base::SocketAddress local() const {
    http::KernelAddress out;
    EXPECT_EQ(::getsockname(server.get(), out.get(), &out.size), 0);
    return http::from_kernel(out).value();
  }
};

TEST(PeerProcess, IsTheOneThatHoldsTheSocket) {
  for (const char* address : {"127.0.0.1:0", "[::1]:0"}) {
    const Pair pair(address);
    const auto found = find_peer_process(pair.peer(), pair.local());
    ASSERT_TRUE(found) << address;
    EXPECT_EQ(found->pid, static_cast<unsigned>(::getpid()));
    EXPECT_EQ(found->uid, ::getuid());
    EXPECT_EQ(found->name, process_name(static_cast<unsigned>(::getpid())));
    EXPECT_FALSE(found->name.empty());
  }
}

TEST(PeerProcess, IsTheParentWhereAChildHasTheSocketToo) {
  const Pair pair("127.0.0.1:0");
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  base::FileDescriptor reading(ends[0]), writing(ends[1]);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    writing.reset();
    char byte = 0;
    (void)!::read(reading.get(), &byte, 1);  // until the parent has looked
    ::_exit(0);
  }
  const auto found = find_peer_process(pair.peer(), pair.local());
  writing.reset();
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pid, static_cast<unsigned>(::getpid()));
}

TEST(PeerProcess, IsUnknownOnceTheSocketIsClosed) {
  Pair pair("127.0.0.1:0");
  const auto peer = pair.peer();
  const auto local = pair.local();
  pair.client.reset();
  EXPECT_FALSE(find_peer_process(peer, local));
}

TEST(PeerProcess, IsUnknownForAPeerOfAnotherMachine) {
  EXPECT_FALSE(find_peer_process(base::SocketAddress::parse("192.0.2.1:4711").value(),
                                 base::SocketAddress::parse("127.0.0.1:1338").value()));
}

TEST(PeerProcess, NoNameOfAProcessThatHasEnded) {
  EXPECT_EQ(process_name(0xFFFFFFF), "");
}

}  // namespace
}  // namespace imdsd::daemon
