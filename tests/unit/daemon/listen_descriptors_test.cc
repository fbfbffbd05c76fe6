// SPDX-License-Identifier: MIT
#include "daemon/listen_descriptors.h"

#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "http/sockaddr.h"
#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

using Entry = ListenDescriptors::Entry;

base::Environment systemd(const std::string& pid, const std::string& count,
                          const std::string& names) {
  return {{"LISTEN_PID", pid}, {"LISTEN_FDS", count}, {"LISTEN_FDNAMES", names}};
}

/// A socket that listens on a free port of loopback.
int open_port() {
  auto address = http::to_kernel(base::SocketAddress::parse("127.0.0.1:0").value());
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(::bind(fd, address.get(), address.size), 0);
  EXPECT_EQ(::listen(fd, 1), 0);
  return fd;
}

base::SocketAddress address_of(int fd) {
  http::KernelAddress bound;
  EXPECT_EQ(::getsockname(fd, bound.get(), &bound.size), 0);
  return http::from_kernel(bound).value();
}

TEST(ListenDescriptors, AreNumberedFromThreeAndNamed) {
  EXPECT_EQ(ListenDescriptors::parse(systemd("7", "3", "imds:imds:aws"), 7).value(),
            (std::vector<Entry>{{3, "imds"}, {4, "imds"}, {5, "aws"}}));
}

TEST(ListenDescriptors, WithoutANameAreUnknown) {
  EXPECT_EQ(ListenDescriptors::parse(systemd("7", "2", ""), 7).value(),
            (std::vector<Entry>{{3, "unknown"}, {4, "unknown"}}));
  EXPECT_EQ(ListenDescriptors::parse(systemd("7", "2", ":aws"), 7).value(),
            (std::vector<Entry>{{3, "unknown"}, {4, "aws"}}));
}

TEST(ListenDescriptors, OfAnotherProcessOrOfNobodyAreNone) {
  EXPECT_TRUE(ListenDescriptors::parse(systemd("8", "1", "imds"), 7).value().empty());
  EXPECT_TRUE(ListenDescriptors::parse({}, 7).value().empty());
  EXPECT_TRUE(ListenDescriptors::parse({{"LISTEN_FDS", "1"}}, 7).value().empty());
}

TEST(ListenDescriptors, ValuesThatSystemdNeverSetsAreErrors) {
  for (const auto& environment : {systemd("7", "x", ""), systemd("7x", "1", ""),
                                  systemd("7", "-1", ""), systemd("7", "100000000", "")}) {
    const auto parsed = ListenDescriptors::parse(environment, 7);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, base::Errc::invalid_argument);
  }
}

TEST(ListenDescriptors, AreTakenByNameOrByAddressOnce) {
  const int first = open_port(), second = open_port(), third = open_port();
  const auto third_address = address_of(third);
  ListenDescriptors descriptors({{first, "imds"}, {second, "imds"}, {third, "unknown"}});
  const auto imds = descriptors.take("imds");
  ASSERT_EQ(imds.size(), 2u);
  EXPECT_EQ(imds[0].get(), first);
  EXPECT_EQ(imds[1].get(), second);
  EXPECT_TRUE(descriptors.take("imds").empty());
  EXPECT_FALSE(descriptors.check_all_taken());
  const auto by_address = descriptors.take(third_address);
  ASSERT_TRUE(by_address);
  EXPECT_EQ(by_address->get(), third);
  EXPECT_FALSE(descriptors.take(third_address));
  EXPECT_TRUE(descriptors.check_all_taken());
}

TEST(ListenDescriptors, TheErrorNamesThoseThatNothingTook) {
  const int fd = open_port();
  const ListenDescriptors descriptors({{fd, "metadata"}});
  const auto checked = descriptors.check_all_taken();
  ASSERT_FALSE(checked);
  const std::string expected = "`metadata` at " + address_of(fd).to_string();
  EXPECT_NE(checked.error().message.find(expected), std::string::npos) << checked.error().message;
}

TEST(UnixPathOf, IsThatOfTheFile) {
  const TempDir directory;
  const std::string path = directory / "s";
  const base::FileDescriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_FALSE(unix_path_of(fd.get()));
  auto address = http::to_kernel(path).value();
  ASSERT_EQ(::bind(fd.get(), address.get(), address.size), 0);
  EXPECT_EQ(unix_path_of(fd.get()), path);
  const base::FileDescriptor port(open_port());
  EXPECT_FALSE(unix_path_of(port.get()));
}

}  // namespace
}  // namespace imdsd::daemon
