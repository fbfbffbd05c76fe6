// SPDX-License-Identifier: MIT
#include "daemon/paths.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

using base::Errc;

struct StateCase {
  std::string_view name;
  std::string configured;
  base::Environment environment;
  std::string expected;
};
void PrintTo(const StateCase& c, std::ostream* out) {
  *out << c.name;
}

class StateDirPath : public testing::TestWithParam<StateCase> {};

TEST_P(StateDirPath, IsTheFirstThatIsSet) {
  EXPECT_EQ(state_dir_path(GetParam().configured, GetParam().environment).value(),
            GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, StateDirPath,
    testing::Values(
        StateCase{"Configured", "/c", {{"STATE_DIRECTORY", "/s"}, {"HOME", "/h"}}, "/c"},
        StateCase{"Systemd", "", {{"STATE_DIRECTORY", "/s"}, {"XDG_STATE_HOME", "/x"}}, "/s"},
        StateCase{"SystemdSeveral", "", {{"STATE_DIRECTORY", "/s:/t"}}, "/s"},
        StateCase{"Xdg", "", {{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}, "/x/imdsd"},
        StateCase{"Home", "", {{"XDG_STATE_HOME", ""}, {"HOME", "/h"}}, "/h/.local/state/imdsd"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(StateDirPathWithout, AnySettingIsAnError) {
  EXPECT_EQ(state_dir_path("", {}).error().message,
            "no state directory: set state_dir, $STATE_DIRECTORY, $XDG_STATE_HOME or $HOME");
}

TEST(AdminSocketPath, IsTheFirstThatIsSet) {
  const base::Environment both = {{"RUNTIME_DIRECTORY", "/run/imdsd:/run/x"},
                                  {"XDG_RUNTIME_DIR", "/run/user/1"}};
  EXPECT_EQ(admin_socket_path("/a.sock", both, "/s").value(), "/a.sock");
  EXPECT_EQ(admin_socket_path("", both, "/s").value(), "/run/imdsd/admin.sock");
  EXPECT_EQ(admin_socket_path("", {{"XDG_RUNTIME_DIR", "/run/user/1"}}, "/s").value(),
            "/run/user/1/imdsd/admin.sock");
  EXPECT_EQ(admin_socket_path("", {}, "/s").value(), "/s/admin.sock");
}

TEST(AdminSocketPath, TooLongForTheKernelIsSaidSo) {
  EXPECT_TRUE(admin_socket_path("/" + std::string(106, 'x'), {}, ""));
  const auto path = admin_socket_path("/" + std::string(107, 'x'), {}, "");
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().message,
            "admin.socket: `/" + std::string(107, 'x') +
                "` has 108 bytes and a Unix socket's path at most 107: set admin.socket to a "
                "shorter one");
}

TEST(SocketFolder, IsMadePrivateOrOfTheGroup) {
  const TempDir temp;
  struct stat status {};
  ASSERT_TRUE(make_socket_folder(temp / "a/b/admin.sock", std::nullopt));
  ASSERT_EQ(::stat((temp / "a/b").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700U);
  ASSERT_TRUE(make_socket_folder(temp / "g/admin.sock", ::getegid()));
  ASSERT_EQ(::stat((temp / "g").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0710U);
  EXPECT_TRUE(make_socket_folder("admin.sock", std::nullopt));
}

TEST(SocketFolder, ThatTheGroupCannotPassIsRefused) {
  const TempDir temp;
  const std::string folder = temp / "a";
  ASSERT_EQ(::mkdir(folder.c_str(), 0700), 0);
  const unsigned own = ::getegid(), other = own + 1;
  EXPECT_TRUE(make_socket_folder(folder + "/admin.sock", std::nullopt));
  const auto closed = make_socket_folder(folder + "/admin.sock", own);
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, Errc::access_denied);
  EXPECT_EQ(closed.error().message, "admin.group cannot reach the admin socket in `" + folder +
                                        "`: chgrp " + std::to_string(own) +
                                        " and chmod g+x that folder, or set admin.socket to a path "
                                        "in another one");
  ASSERT_EQ(::chmod(folder.c_str(), 0710), 0);
  EXPECT_TRUE(make_socket_folder(folder + "/admin.sock", own));
  EXPECT_FALSE(make_socket_folder(folder + "/admin.sock", other));
  ASSERT_EQ(::chmod(folder.c_str(), 0701), 0);
  EXPECT_TRUE(make_socket_folder(folder + "/admin.sock", other));
}

TEST(SocketFolder, ThatExistsIsLeftAlone) {
  const TempDir temp;
  ASSERT_EQ(::mkdir((temp / "a").c_str(), 0755), 0);
  ASSERT_TRUE(make_socket_folder(temp / "a/admin.sock", ::getegid()));
  struct stat status {};
  ASSERT_EQ(::stat((temp / "a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0755U);
}

}  // namespace
}  // namespace imdsd::daemon
