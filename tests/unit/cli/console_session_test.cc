// SPDX-License-Identifier: MIT
#include "cli/console_session.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/unit/daemon/temp_dir.h"

namespace imdsd::cli {
namespace {

TEST(ConsoleSession, IsKeptForItsUserAlone) {
  const daemon::TempDir temp;
  const auto path = ConsoleSession::path({{"XDG_STATE_HOME", temp.path() + "/state"}}).value();
  EXPECT_EQ(path, temp.path() + "/state/imdsctl/session");
  EXPECT_EQ(ConsoleSession::load(path).error().code, base::Errc::not_found);
  for (const std::string token : {"first", "second"}) {
    ASSERT_TRUE((ConsoleSession{"/run/imdsd/admin.sock", base::Secret(token)}.store(path)));
    const auto session = ConsoleSession::load(path);
    ASSERT_TRUE(session);
    EXPECT_EQ(session->socket, "/run/imdsd/admin.sock");
    EXPECT_EQ(session->token.reveal(), token);
  }
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path).permissions(), perms::owner_read | perms::owner_write);
  EXPECT_EQ(std::filesystem::status(temp.path() + "/state/imdsctl").permissions(),
            perms::owner_all);
}

TEST(ConsoleSession, AFileThatIsNoneIsTold) {
  const daemon::TempDir temp;
  const std::string path = temp.path() + "/session";
  for (const std::string text : {"", "{}", "[1]", R"({"socket":"/s"})"}) {
    std::ofstream(path) << text;
    EXPECT_EQ(ConsoleSession::load(path).error().code, base::Errc::corrupt) << text;
  }
}

TEST(ConsoleSession, HasAPlaceInTheHomeFolder) {
  EXPECT_EQ(ConsoleSession::path({{"HOME", "/home/a"}}).value(),
            "/home/a/.local/state/imdsctl/session");
  EXPECT_FALSE(ConsoleSession::path({}));
}

}  // namespace
}  // namespace imdsd::cli
