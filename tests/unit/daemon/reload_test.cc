// SPDX-License-Identifier: MIT
#include "daemon/reload.h"

#include <gtest/gtest.h>

#include "config_fixture.h"
#include "daemon/config_schema.h"

namespace imdsd::daemon {
namespace {

/// For every key that the table marks as not reloadable, a value that is not its default.
std::string changed(const KeyInfo& info) {
  switch (info.type) {
    case KeyType::string_list:
      return "127.0.0.1:4711";
    case KeyType::integer:
      return info.key == "http.max_buffered_bytes" ? "2000000" : "3";
    case KeyType::duration:
      return "1s";
    default:
      return "changed";
  }
}

TEST(Reload, TellsEveryKeyThatNeedsARestart) {
  const auto running = TestConfig{role_toml()}.config();
  std::size_t count = 0;
  for (const auto& info : config_keys()) {
    if (info.reloadable) continue;
    ++count;
    const auto next =
        TestConfig{role_toml(), {}, {std::string(info.key) + "=" + changed(info)}}.config();
    EXPECT_EQ(keys_needing_restart(running, next), std::vector<std::string>{std::string(info.key)});
  }
  EXPECT_EQ(count, 15U);
}

TEST(Reload, EverythingElseIsTakenUp) {
  const auto running = TestConfig{role_toml()}.config();
  const auto next =
      TestConfig{role_toml("other"),
                 {},
                 {"log.level=debug", "imds.hop_limit=9", "imds.http_tokens=required",
                  "aws.region=eu-west-1", "aws.account_id=210987654321", "auth.mode=audit",
                  "credentials.lifetime=1h", "instance.0.id=i-0a1b2c3d", "imds.allowed_hosts=x"}}
          .config();
  EXPECT_EQ(keys_needing_restart(running, next), std::vector<std::string>{});
}

}  // namespace
}  // namespace imdsd::daemon
